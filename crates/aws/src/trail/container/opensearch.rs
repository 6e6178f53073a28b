//! Documents of OpenSearch's integration: the record stands whole inside, as CloudTrail spells it.

use cloud::json::Node;

use crate::trail::body::Body;

pub(super) fn respelled(document: Body<'_>) -> Option<Node<'static>> {
    let own = document.at(&["aws", "cloudtrail"]);
    (own.has("eventName") && own.has("eventSource")).then_some(())?;
    own.node().map(Node::to_owned_node)
}
