//! The macro that implements serde's traits for types that are written as strings.

/// Implements serde's traits for a type that is written as a string. `$parse` may fail.
macro_rules! impl_serde_as_string {
    ($name:ty, $to_string:expr, $parse:expr) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str($to_string(self).as_ref())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                let parse: fn(&str) -> Result<Self, _> = $parse;
                parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use impl_serde_as_string;
