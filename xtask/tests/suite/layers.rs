//! `layers`: import cycles of small crates.

use crate::folder::{Folder, Outcome};

/// The name of a case, and the files in the folder `src` of a crate.
type Case = (&'static str, &'static [(&'static str, &'static str)]);

const CYCLES: &[Case] = &[
    (
        "`use` declarations",
        &[
            ("lib.rs", "mod disc;\nmod ring;"),
            ("disc.rs", "use crate::ring::Ring;\npub struct Disc(Ring);"),
            (
                "ring.rs",
                "pub struct Ring;\n\nuse crate::disc::{self, Disc as Inner};\nfn inner() -> Option<Inner> { None }",
            ),
        ],
    ),
    (
        "paths in expressions, types and patterns",
        &[
            ("lib.rs", "mod disc;\nmod ring;"),
            ("disc.rs", "pub const NONE: u8 = 0;\npub fn spin() { crate::ring::spin() }"),
            (
                "ring.rs",
                "use super::disc;\npub fn spin() {}\npub fn is_none(size: u8) -> bool {\n    matches!(size, 0) && match size { disc::NONE => true, _ => false }\n}",
            ),
        ],
    ),
    (
        "re-exports by the crate root",
        &[
            ("lib.rs", "mod disc;\nmod ring;\npub use disc::Disc;\npub use self::ring::Ring;"),
            ("disc.rs", "use crate::Ring;\npub struct Disc(Ring);"),
            (
                "ring.rs",
                "pub struct Ring;\nimpl From<crate::Disc> for Ring { fn from(_: crate::Disc) -> Self { Self } }",
            ),
        ],
    ),
    (
        "globs",
        &[
            ("lib.rs", "mod disc;\nmod ring;\nmod shapes { pub(crate) use crate::ring::*; }"),
            ("disc.rs", "use crate::shapes::*;\npub struct Disc;\npub fn ring() -> Ring { Ring }"),
            ("ring.rs", "pub struct Ring;\nuse crate::disc::*;"),
        ],
    ),
    (
        "a module and its submodule that use items of each other",
        &[
            ("lib.rs", "mod disc;"),
            ("disc.rs", "mod rim;\npub use rim::Rim;\nfn width(rim: &Rim) -> u8 { rim.0 }\nconst WIDEST: u8 = 9;"),
            (
                "disc/rim.rs",
                "pub struct Rim(pub u8);\nimpl Rim { fn is_widest(&self) -> bool { self.0 == super::WIDEST } }",
            ),
        ],
    ),
    (
        "arguments of macros and attributes",
        &[
            ("lib.rs", "mod disc;\nmod ring;"),
            (
                "disc.rs",
                "use crate::ring;\npub struct Disc;\npub fn all() -> Vec<ring::Ring> { vec![ring::Ring::new(1)] }",
            ),
            (
                "ring.rs",
                "#[derive(Deserialize)]\npub struct Ring {\n    #[serde(deserialize_with = \"crate::disc::read\")]\n    width: u8,\n}\nmacro_rules! disc { () => { $crate::disc::Disc } }",
            ),
        ],
    ),
    (
        "macro definitions and calls",
        &[
            ("lib.rs", "#[macro_use]\nmod ring;\nmod disc;"),
            ("disc.rs", "named!(Disc);\npub(crate) use crate::ring::named;"),
            (
                "ring.rs",
                "macro_rules! named { ($name:ident) => { pub struct $name; } }\npub(crate) use named;\npub struct Ring(crate::disc::Disc);",
            ),
        ],
    ),
    (
        "inline modules and path attributes",
        &[
            ("lib.rs", "mod generated { pub mod disc; #[path = \"rings/wide.rs\"] pub mod ring; }"),
            ("generated/disc.rs", "pub struct Disc(super::ring::Ring);"),
            ("generated/rings/wide.rs", "pub struct Ring;\npub type Other = crate::generated::disc::Disc;"),
        ],
    ),
    (
        "declarations in functions",
        &[
            ("lib.rs", "mod disc;\nmod ring;"),
            ("disc.rs", "pub fn disc() {\n    use crate::ring::ring as spin;\n    spin()\n}"),
            ("ring.rs", "use crate::disc;\npub fn ring() { use disc as round; round::disc() }"),
        ],
    ),
    (
        "several cycles in one component",
        &[
            ("lib.rs", "mod disc;\nmod hub;\nmod rim;\nmod ring;"),
            ("disc.rs", "use crate::hub::Hub;\npub struct Disc;"),
            ("hub.rs", "use crate::rim::Rim;\nuse crate::ring::Ring;\npub struct Hub;"),
            ("rim.rs", "use crate::disc::Disc;\npub struct Rim;"),
            ("ring.rs", "use crate::hub::Hub;\npub struct Ring;"),
        ],
    ),
    (
        "a binary and its modules",
        &[
            ("main.rs", "mod disc;\nfn main() { disc::disc() }\nfn spin() {}"),
            ("disc.rs", "pub fn disc() { super::spin() }"),
        ],
    ),
];

const WITHOUT_CYCLES: &[Case] = &[
    (
        "module declarations and re-exports of their items",
        &[
            ("lib.rs", "mod disc;\npub mod ring;\npub use disc::{Disc, Rim};\npub struct Hub;"),
            ("disc.rs", "mod rim;\npub use rim::Rim;\npub(crate) use self::rim::*;\npub struct Disc(crate::Hub);"),
            ("disc/rim.rs", "pub struct Rim(super::Disc);"),
            ("ring.rs", "use crate::{Disc, Hub};\npub struct Ring(Disc, Hub);"),
        ],
    ),
    (
        "test code",
        &[
            ("lib.rs", "mod disc;\nmod ring;"),
            (
                "disc.rs",
                "pub struct Disc;\n#[cfg(test)]\nmod tests { use crate::ring::Ring; }\n#[cfg(all(test, unix))]\nuse crate::ring::Ring;\n#[cfg(test)]\nmod absent;",
            ),
            ("ring.rs", "pub struct Ring(crate::disc::Disc);"),
        ],
    ),
    (
        "names of other crates, block items and fields",
        &[
            ("lib.rs", "mod disc;\nmod ring;"),
            (
                "disc.rs",
                "pub struct Disc;\npub fn disc() {\n    struct Ring;\n    use std::ring::{self, other as spin};\n    let _ = (Ring, spin(), ::crate_ring::Ring);\n    println!(\"{}\", Self::x.ring(ring));\n}",
            ),
            ("ring.rs", "use crate::disc::*;\npub struct Ring(Disc);\npub fn ring() {}"),
        ],
    ),
    (
        "generated code",
        &[
            ("lib.rs", "mod disc;\nmod ring;"),
            ("disc.rs", "pub struct Disc;\npub fn code() -> Code { quote! { use crate::ring::Ring; } }"),
            ("ring.rs", "use crate::disc::Disc;\npub struct Ring(Disc);"),
        ],
    ),
];

pub(crate) fn manifest(name: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n")
}

pub(crate) fn layers(name: &str, files: &[(&str, &str)]) -> Outcome {
    let folder = Folder::new(&[]);
    folder.write("Cargo.toml", manifest(name));
    for (file, content) in files {
        folder.write(&format!("src/{file}"), content);
    }
    folder.build(&["layers", "--manifest-path", "Cargo.toml"])
}

#[test]
fn cycles_are_reported_with_the_used_items() {
    let report: Vec<String> =
        CYCLES.iter().map(|(case, files)| format!("# {case}\n{}\n", layers("spot", files))).collect();
    insta::assert_snapshot!(report.join("\n"));
}

#[test]
fn crates_without_cycles_pass() {
    for (case, files) in WITHOUT_CYCLES {
        let outcome = layers("spot", files);
        assert_eq!(outcome.code, 0, "{case}:\n{outcome}");
        assert!(outcome.stdout.starts_with("no import cycles: 1 crates, "), "{case}:\n{outcome}");
    }
}

#[test]
fn the_generated_client_and_its_hooks_may_refer_to_each_other() {
    const LIB: (&str, &str) = ("lib.rs", "mod generated { pub mod client; }\nmod hooks;\nmod other;");
    const CLIENT: (&str, &str) = ("generated/client.rs", "pub struct Client(crate::hooks::Inner);");
    const HOOKS: (&str, &str) = ("hooks.rs", "use crate::generated::client::Client;\npub struct Inner(Box<Client>);");
    const OTHER: (&str, &str) = ("other.rs", "pub struct Other;");
    let raw = "graph-presence-raw";
    assert_eq!(layers(raw, &[LIB, CLIENT, HOOKS, OTHER]).code, 0);
    assert_eq!(layers("graph-presence", &[LIB, CLIENT, HOOKS, OTHER]).code, 1);

    let hooks = ("hooks.rs", "use crate::{generated::client::Client, other::Other};\npub struct Inner(Box<Client>);");
    let other = ("other.rs", "pub struct Other(Box<crate::generated::client::Client>);");
    insta::assert_snapshot!(layers(raw, &[LIB, CLIENT, hooks, other]), @r#"
    graph-presence-raw: import cycle of 3 files
      src/generated/client.rs -> src/hooks.rs: Inner (line 1)
      src/hooks.rs -> src/other.rs: Other (line 1)
      src/other.rs -> src/generated/client.rs: Client (line 1)
    1 problem: to break a cycle, move the shared items into a separate file
    exit 1
    "#);
    insta::assert_snapshot!(layers(raw, &[LIB, CLIENT, ("hooks.rs", "pub struct Inner;"), OTHER]), @r#"
    graph-presence-raw: unused exception for src/generated/client.rs and src/hooks.rs: remove it from ALLOWED in xtask/src/layers.rs (the generator writes the hooks' type into the client, and the hooks implement a trait for the client)
    1 problem: to break a cycle, move the shared items into a separate file
    exit 1
    "#);
}

#[test]
fn every_crate_of_the_workspace_is_checked() {
    let folder = Folder::new(&[("Cargo.toml", "[workspace]\nmembers = [\"disc\", \"ring\"]\nresolver = \"3\"\n")]);
    for name in ["disc", "ring"] {
        folder.write(&format!("{name}/Cargo.toml"), manifest(name).replace("[workspace]\n", ""));
        folder.write(&format!("{name}/src/lib.rs"), "mod inner;\nstruct Outer(inner::Inner);");
        folder.write(&format!("{name}/src/inner.rs"), "pub struct Inner(Box<super::Outer>);");
    }
    folder.write("ring/tests/inner.rs", "mod absent;");
    insta::assert_snapshot!(folder.build(&["layers", "--manifest-path", "Cargo.toml"]), @r#"
    disc: import cycle of 2 files
      disc/src/inner.rs -> disc/src/lib.rs: Outer (line 1)
      disc/src/lib.rs -> disc/src/inner.rs: Inner (line 2)
    ring: import cycle of 2 files
      ring/src/inner.rs -> ring/src/lib.rs: Outer (line 1)
      ring/src/lib.rs -> ring/src/inner.rs: Inner (line 2)
    2 problems: to break a cycle, move the shared items into a separate file
    exit 1
    "#);
}
