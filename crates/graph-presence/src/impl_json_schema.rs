//! The macro that implements `JsonSchema`.

/// Implements [`schemars1::JsonSchema`] for a type. `$generator` returns the schemas of the types of its properties.
macro_rules! impl_json_schema {
    ($name:ident, $schema:tt) => {
        $crate::impl_json_schema::impl_json_schema!($name, |_generator| $schema);
    };
    ($name:ident, |$generator:ident| $schema:tt) => {
        impl schemars1::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn schema_id() -> std::borrow::Cow<'static, str> {
                concat!(env!("CARGO_CRATE_NAME"), "::", stringify!($name)).into()
            }

            fn json_schema($generator: &mut schemars1::SchemaGenerator) -> schemars1::Schema {
                schemars1::json_schema!($schema)
            }
        }
    };
}

pub(crate) use impl_json_schema;
