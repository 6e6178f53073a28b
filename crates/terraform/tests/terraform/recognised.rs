//! Which documents are Terraform's.

use cloud::Document;
use model::DocumentId;

fn knows(path: &str, text: &str) -> bool {
    terraform::knows(&Document { id: DocumentId(0), path, text })
}

#[test]
fn blocks_are_known_by_their_words() {
    for text in [
        "resource \"a\" \"b\" {}",
        "# comment\n/* more */ // and more\nvariable \"x\" {\n}",
        "\u{feff}locals {}",
        "terraform {\n",
        "data \"a\" \"b\" { x = 1 }",
        "module m {",
        "moved {",
        "import {\n",
    ] {
        assert!(knows("<stdin>", text), "{text}");
        assert!(!knows("x.hcl", text), "{text}");
        assert!(!knows("x.pkr.hcl", text), "{text}");
    }
}

#[test]
fn other_texts_are_not() {
    for text in [
        "",
        "resource",
        "resource: {}\n",
        "resources:\n  - a\n",
        "job \"x\" {\n",
        "source \"x\" \"y\" {",
        "Type,Name\n",
        "# only a comment\n",
        "data = 1\n",
        "[]",
        "{}",
        "{\"resource\": 1}",
        "{\"resource\": {}, \"more\": {}}",
        "{\"variable\": {}}",
        "{\"Resources\": {}}",
        "{\"data\": {\"rows\": [[1]], \"columns\": [{\"name\": \"id\"}]}}",
        "{\"data\": [{\"id\": 1}]}",
        "{\"resource\": {\"type\": \"x\", \"labels\": {}}}",
        "WARNING: x\n{\"a\": 1}",
        "Name    ResourceGroup\n------  -----\ndata    {\n",
    ] {
        assert!(!knows("<stdin>", text), "{text}");
    }
}

#[test]
fn files_are_known_by_their_names_where_the_text_says_nothing() {
    for (path, text) in [
        ("a/x.tf", "# only a comment\n"),
        ("a/x.tf", ""),
        ("a/x.tf", "broken {{{"),
        ("a/x.tofu", ""),
        ("a/x.tf.json", "{}"),
        ("a/terraform.tfvars", "a = 1"),
        ("a/x.auto.tfvars.json", "{\"a\": 1}"),
        ("a/.terraform/modules/modules.json", "{\"Modules\":[]}"),
    ] {
        assert!(knows(path, text), "{path}");
    }
    assert!(!knows("a/x.tf.json", "no json"));
    assert!(!knows("a/modules.json", "{\"modules\":[]}"));
}

#[test]
fn json_of_blocks_is_known() {
    assert!(knows("<stdin>", r#"{"resource": {"a_b": {"c": {}}}}"#));
    assert!(knows("<stdin>", r#"{"//": "cdktf", "terraform": {}, "provider": {"aws": [{}]}}"#));
}
