//! Open enums: sets of values that the service may extend.

/// Declares an enum of the known values, with a last variant for unrecognized values.
macro_rules! open_enum {
    (@wire $variant:ident) => { stringify!($variant) };
    (@wire $variant:ident $wire:literal) => { $wire };
    (
        $(#[$meta:meta])*
        $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident $(=> $wire:literal)? ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )+
            /// A value that this version does not recognize, as the service returned it.
            Unrecognized($crate::open_enum::UnrecognizedValue),
        }

        impl $name {
            /// All values that this version recognizes.
            pub const KNOWN: &[Self] = &[$(Self::$variant),+];

            /// Returns the value in the service's spelling; for an unrecognized value, the original text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $crate::open_enum::open_enum!(@wire $variant $($wire)?), )+
                    Self::Unrecognized(value) => value.as_str(),
                }
            }
        }

        impl From<&str> for $name {
            /// Parses a value, ignoring case. Cannot fail: any other value is [`Unrecognized`](Self::Unrecognized).
            fn from(text: &str) -> Self {
                // First compare the usual spelling, because a case-insensitive comparison takes longer.
                $(
                    if text == $crate::open_enum::open_enum!(@wire $variant $($wire)?) {
                        return Self::$variant;
                    }
                )+
                let known = Self::KNOWN.iter().find(|known| known.as_str().eq_ignore_ascii_case(text));
                known.cloned().unwrap_or_else(|| Self::Unrecognized($crate::open_enum::UnrecognizedValue::new(text)))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        #[cfg(feature = "serde")]
        $crate::impl_serde_as_string::impl_serde_as_string!($name, $name::as_str, |text| {
            Ok::<_, std::convert::Infallible>($name::from(text))
        });

        #[cfg(feature = "schemars")]
        $crate::impl_json_schema::impl_json_schema!($name, {
            "type": "string",
            "description": "The service may return other values than the examples.",
            "examples": Self::KNOWN,
        });
    };
}

pub(crate) use open_enum;

/// A value of an open enum that this version does not recognize.
///
/// Only parsing creates it, so that a known value is always its own variant: `Availability::from("Busy")` is
/// `Availability::Busy`.
///
/// ```
/// use graph_presence::Availability;
///
/// let availability = Availability::from("Levitating");
/// assert!(matches!(&availability, Availability::Unrecognized(value) if value.as_str() == "Levitating"));
/// assert_eq!(availability.to_string(), "Levitating");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnrecognizedValue(Box<str>);

impl UnrecognizedValue {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// Returns the original text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
