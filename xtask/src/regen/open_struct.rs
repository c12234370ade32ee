//! Deserialization of structs with additional properties in one pass.
//!
//! The generator puts additional properties into a map with `#[serde(flatten)]`, for which serde buffers every unknown
//! property before it fills the map: a response with hundreds of presences takes a tenth longer to decode. The
//! generated implementations insert each property directly.

use anyhow::{Context, Result, bail};
use syn::punctuated::Punctuated;
use syn::{
    Arm, Field, FieldValue, File, Item, ItemStruct, LitStr, Meta, Path, Stmt, Token, Type, Variant, parse_quote,
};

/// Replaces the derived `Deserialize` of every struct with flattened properties by an implementation without a buffer.
pub(super) fn deserialize_in_one_pass(file: &mut File) -> Result<()> {
    replace_in(&mut file.items)
}

fn replace_in(items: &mut Vec<Item>) -> Result<()> {
    let mut implementations = Vec::new();
    for item in items.iter_mut() {
        match item {
            Item::Mod(module) => {
                if let Some((_, items)) = &mut module.content {
                    replace_in(items)?;
                }
            }
            Item::Struct(item) => implementations.extend(implementation(item)?),
            _ => {}
        }
    }
    items.extend(implementations);
    Ok(())
}

/// Returns the implementation of `Deserialize` and removes the derive, or returns `None` if no property is flattened.
fn implementation(item: &mut ItemStruct) -> Result<Option<Item>> {
    if !item.fields.iter().any(is_flattened) {
        return Ok(None);
    }
    let mut rest = None;
    let mut named = Vec::new();
    for field in item.fields.iter().filter(|field| field.ident.is_some()) {
        let ident = field.ident.clone().context("unnamed field")?;
        match property(field).with_context(|| format!("field `{ident}` of `{}`", item.ident))? {
            Some(property) => named.push((ident, property, field.ty.clone())),
            None => rest = Some(ident),
        }
    }
    let Some(rest) = rest else { return Ok(None) };
    remove_deserialize(item)?;

    let name = &item.ident;
    let expected = format!("struct {name}");
    let mut variants: Vec<Variant> = Vec::new();
    let mut slots: Vec<Stmt> = Vec::new();
    let mut arms: Vec<Arm> = Vec::new();
    let mut values: Vec<FieldValue> = Vec::new();
    for (ident, Property { name: property, is_optional }, kind) in &named {
        variants.push(parse_quote!(#[serde(rename = #property)] #ident));
        slots.push(parse_quote!(let mut #ident: ::std::option::Option<#kind> = ::std::option::Option::None;));
        arms.push(parse_quote!(Name::#ident => if #ident.replace(map.next_value()?).is_some() {
            return ::std::result::Result::Err(::serde::de::Error::duplicate_field(#property));
        },));
        values.push(match is_optional {
            true => parse_quote!(#ident: #ident.unwrap_or_default()),
            false => parse_quote!(#ident: #ident.ok_or_else(|| ::serde::de::Error::missing_field(#property))?),
        });
    }
    Ok(Some(parse_quote! {
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                #[allow(non_camel_case_types)]
                #[derive(::serde::Deserialize)]
                #[serde(field_identifier)]
                enum Name {
                    #(#variants,)*
                    Other(::std::string::String),
                }
                struct Properties;
                impl<'de> ::serde::de::Visitor<'de> for Properties {
                    type Value = #name;
                    fn expecting(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        formatter.write_str(#expected)
                    }
                    fn visit_map<A: ::serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> ::std::result::Result<#name, A::Error> {
                        #(#slots)*
                        let mut #rest = ::serde_json::Map::new();
                        while let ::std::option::Option::Some(name) = map.next_key()? {
                            match name {
                                #(#arms)*
                                Name::Other(name) => {
                                    #rest.insert(name, map.next_value()?);
                                }
                            }
                        }
                        ::std::result::Result::Ok(#name { #(#values,)* #rest })
                    }
                }
                deserializer.deserialize_map(Properties)
            }
        }
    }))
}

/// The property of the document that a field represents.
struct Property {
    name: String,
    is_optional: bool,
}

/// Returns the property that a field represents, or `None` for the map of additional properties.
fn property(field: &Field) -> Result<Option<Property>> {
    let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut property = Property { name, is_optional: is_option(&field.ty) };
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let settings = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)?;
        for setting in settings {
            match setting {
                Meta::Path(path) if path.is_ident("flatten") => return Ok(None),
                Meta::Path(path) if path.is_ident("default") => property.is_optional = true,
                Meta::NameValue(renamed) if renamed.path.is_ident("rename") => {
                    let value = &renamed.value;
                    let text: LitStr = parse_quote!(#value);
                    property.name = text.value();
                }
                // This attribute affects serialization only.
                Meta::NameValue(skipped) if skipped.path.is_ident("skip_serializing_if") => {}
                other => {
                    let setting = other.path().get_ident().map(ToString::to_string).unwrap_or_default();
                    bail!("unsupported serde attribute `{setting}`");
                }
            }
        }
    }
    Ok(Some(property))
}

/// Returns `true` if the field collects the properties that the struct does not declare.
fn is_flattened(field: &Field) -> bool {
    let mut attributes = field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde"));
    attributes.any(|attribute| {
        let settings = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
        settings.is_ok_and(|settings| settings.iter().any(|setting| setting.path().is_ident("flatten")))
    })
}

fn remove_deserialize(item: &mut ItemStruct) -> Result<()> {
    for attribute in item.attrs.iter_mut().filter(|attribute| attribute.path().is_ident("derive")) {
        let derived = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated)?;
        let kept = derived.iter().filter(|path| path.segments.last().is_none_or(|last| last.ident != "Deserialize"));
        attribute.meta = parse_quote!(derive(#(#kept),*));
    }
    Ok(())
}

fn is_option(kind: &Type) -> bool {
    matches!(kind, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Option"))
}
