//! Messages of Pub/Sub, in which a feed of assets comes.

use cloud::base64;
use cloud::json::{Node, Tree, tree_in};

use super::asset;
use super::reader::Reader;
use super::words::{object, text};

/// Whether an object is a message, as it is pushed or pulled.
pub(super) fn is_message(node: &Node<'_>) -> bool {
    object(node, "message").is_some_and(|message| text(message, "data").is_some())
}

/// Reads the asset of a message; says whether there is one. Others send messages too.
pub(super) fn read<'a>(reader: &mut Reader<'_, 'a, '_>, node: &Node<'a>) -> bool {
    let data = object(node, "message").and_then(|message| text(message, "data")).and_then(base64);
    let Some(Tree::Object(inner)) =
        data.and_then(|bytes| String::from_utf8(bytes).ok()).as_deref().and_then(tree_in)
    else {
        return false;
    };
    if !asset::is_temporal(&inner) && !asset::is_asset(&inner) {
        return false;
    }
    let around = reader.intake.desk.around;
    reader.intake.desk.around = node.at.or(around);
    reader.traits.fed = true;
    asset::read(reader, inner);
    reader.intake.desk.around = around;
    true
}
