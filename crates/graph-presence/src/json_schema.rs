//! Types that have a JSON Schema.

/// Implements schemars' trait for a type. `$generator` returns the schemas of other types within it.
macro_rules! as_schema {
    ($name:ident, $schema:tt) => {
        $crate::json_schema::as_schema!($name, |_generator| $schema);
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

pub(crate) use as_schema;
