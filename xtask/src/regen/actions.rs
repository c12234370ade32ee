//! For each action that three paths of a user offer alike, one method of the client that takes the path.

use anyhow::Result;
use heck::ToSnakeCase;
use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::{FnArg, Ident, ImplItem, ImplItemFn, Item, Pat, Signature, Type, parse_quote};

use crate::spec::operations::{Operation, actions, is_by_every_binding};

const IMPORTS: &str = "use progenitor_client::{Error, ResponseValue};\nuse super::client::{Client, types};\nuse crate::operation::UserPath;\n";

/// Returns the source of the methods, without a receipt. `client` is the generated client.
pub(super) fn source(client: &syn::File, operations: &[Operation<'_>]) -> Result<String> {
    let actions = actions(operations);
    let bound = actions.iter().filter(|(_, performed_by)| is_by_every_binding(performed_by));
    let methods = bound.filter_map(|(action, performed_by)| {
        let methods =
            performed_by.iter().map(|operation| Some((operation.binding?, find(client, &operation.method_name)?)));
        method(action, &methods.collect::<Option<Vec<_>>>()?)
    });
    let mut file = syn::parse_file(IMPORTS)?;
    file.items.push(parse_quote!(impl Client { #(#methods)* }));
    Ok(prettyplease::unparse(&file))
}

/// Returns the method of the generated client that is called `name`.
pub(super) fn find<'a>(client: &'a syn::File, name: &str) -> Option<&'a ImplItemFn> {
    let methods = client.items.iter().filter_map(|item| match item {
        Item::Impl(implementation) => Some(&implementation.items),
        _ => None,
    });
    methods.flatten().find_map(|item| match item {
        ImplItem::Fn(method) if method.sig.ident == name => Some(method),
        _ => None,
    })
}

/// One method for the three, unless they differ in more than the id.
fn method(action: &str, bound: &[(&str, &ImplItemFn)]) -> Option<ImplItemFn> {
    let (_, on_me) = bound.iter().find(|(binding, _)| *binding == "Me")?;
    let own = arguments(&on_me.sig)?;
    let mut arms = Vec::new();
    for (binding, method) in bound {
        let variant = Ident::new(binding, Span::call_site());
        let (called, names) = (&method.sig.ident, own.iter().map(|(name, _)| name));
        let all = arguments(&method.sig)?;
        let is_alike = text(&method.sig.output) == text(&on_me.sig.output);
        match (*binding, all.as_slice()) {
            ("Me", _) => arms.push(quote! { UserPath::#variant => self.#called(#(#names),*).await }),
            (_, [_, rest @ ..]) if is_alike && rest.iter().map(type_of).eq(own.iter().map(type_of)) => {
                arms.push(quote! { UserPath::#variant(id) => self.#called(id, #(#names),*).await });
            }
            _ => return None,
        }
    }
    let name = Ident::new(&action.to_snake_case(), Span::call_site());
    let inputs = own.iter().map(|(name, ty)| quote! { #name: #ty });
    let output = &on_me.sig.output;
    let documentation = format!("Sends `{action}` for `user`, by the path that it names.");
    Some(parse_quote! {
        #[doc = #documentation]
        ///
        /// # Errors
        ///
        /// Returns an error if the request cannot be sent, the response has an error status, or its body cannot be decoded.
        pub async fn #name<'a>(&'a self, user: UserPath<'a>, #(#inputs),*) #output {
            match user { #(#arms),* }
        }
    })
}

fn type_of((_, ty): &(Ident, Type)) -> String {
    text(ty)
}

fn text(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string()
}

/// The names and types of a method's arguments, without `self`.
fn arguments(signature: &Signature) -> Option<Vec<(Ident, Type)>> {
    signature
        .inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Receiver(_) => None,
            FnArg::Typed(argument) => Some(match &*argument.pat {
                Pat::Ident(name) => Some((name.ident.clone(), (*argument.ty).clone())),
                _ => None,
            }),
        })
        .collect()
}
