//! Methods of the client that accept any path to a user: one for each action that all three paths offer with the same
//! signature.

use anyhow::Result;
use heck::ToSnakeCase;
use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::{FnArg, Ident, ImplItem, ImplItemFn, Item, Pat, Signature, Type, parse_quote};

use crate::spec::operations::{Operation, actions, is_by_every_binding};

const IMPORTS: &str = "use progenitor_client::{Error, ResponseValue};\nuse super::client::{Client, types};\nuse crate::operation::UserPath;\n";

/// Returns the source of the methods, without the header. `client` is the generated client.
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

/// Returns one method that calls the three, or `None` if their signatures differ in more than the id.
fn method(action: &str, bound: &[(&str, &ImplItemFn)]) -> Option<ImplItemFn> {
    let (_, me_method) = bound.iter().find(|(binding, _)| *binding == "Me")?;
    let shared = arguments(&me_method.sig)?;
    let mut arms = Vec::new();
    for (binding, method) in bound {
        let variant = Ident::new(binding, Span::call_site());
        let (called, names) = (&method.sig.ident, shared.iter().map(|(name, _)| name));
        let all = arguments(&method.sig)?;
        let has_same_output = text(&method.sig.output) == text(&me_method.sig.output);
        match (*binding, all.as_slice()) {
            ("Me", _) => arms.push(quote! { UserPath::#variant => self.#called(#(#names),*).await }),
            (_, [_, rest @ ..]) if has_same_output && rest.iter().map(type_of).eq(shared.iter().map(type_of)) => {
                arms.push(quote! { UserPath::#variant(id) => self.#called(id, #(#names),*).await });
            }
            _ => return None,
        }
    }
    let name = Ident::new(&action.to_snake_case(), Span::call_site());
    let inputs = shared.iter().map(|(name, ty)| quote! { #name: #ty });
    let output = &me_method.sig.output;
    let documentation = format!("Sends `{action}` for `user`, on the path that `user` selects.");
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

/// Returns the names and types of a method's arguments, without `self`.
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
