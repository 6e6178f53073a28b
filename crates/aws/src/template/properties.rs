//! The properties of what lets traffic in or keeps it out, in their own letters: CloudFormation refuses any other, and a
//! rule of which a word is not read may say anything.

use cloud::Quoted;
use cloud::json::{Node, Tree};
use model::Effect;

use super::stack::Stack;

/// Tells of properties that a type does not have, and of those of rules that stand in it.
pub(super) fn tell_unknown<'a>(stack: &Stack<'_, 'a>, id: &str, kind: &str, properties: &Node<'a>) {
    let Some((_, known)) = KNOWN.iter().find(|(own, _)| own.eq_ignore_ascii_case(kind.trim())) else {
        return;
    };
    tell(stack, id, known, properties);
    for list in LISTS {
        let rules = match super::text::exact(properties, list) {
            Some(Tree::List(rules)) => rules.as_slice(),
            Some(alone @ Tree::Object(_)) => core::slice::from_ref(alone),
            Some(_) | None => &[],
        };
        for rule in rules {
            if let Tree::Object(rule) = rule {
                tell(stack, id, RULE, rule);
            }
        }
    }
}

fn tell<'a>(stack: &Stack<'_, 'a>, id: &str, known: &[&str], node: &Node<'a>) {
    for key in node.keys().filter(|key| !known.contains(key)) {
        let message = format!("{id}: there is no property {}: what it is to say is not known", Quoted(key));
        stack.tell(node.at, "unknown-property", Effect::Undecided, message);
    }
}

const LISTS: [&str; 2] = ["SecurityGroupIngress", "SecurityGroupEgress"];

/// The words of a rule, be it in its group or by itself.
const RULE: &[&str] = &[
    "CidrIp",
    "CidrIpv6",
    "Description",
    "DestinationPrefixListId",
    "DestinationSecurityGroupId",
    "FromPort",
    "GroupId",
    "GroupName",
    "IpProtocol",
    "SourcePrefixListId",
    "SourceSecurityGroupId",
    "SourceSecurityGroupName",
    "SourceSecurityGroupOwnerId",
    "ToPort",
];

/// Types with all of their properties.
const KNOWN: [(&str, &[&str]); 4] = [
    (
        "AWS::EC2::SecurityGroup",
        &["GroupDescription", "GroupName", "SecurityGroupEgress", "SecurityGroupIngress", "Tags", "VpcId"],
    ),
    ("AWS::EC2::SecurityGroupIngress", RULE),
    ("AWS::EC2::SecurityGroupEgress", RULE),
    (
        "AWS::EC2::NetworkAclEntry",
        &[
            "CidrBlock",
            "Egress",
            "Icmp",
            "Ipv6CidrBlock",
            "NetworkAclId",
            "PortRange",
            "Protocol",
            "RuleAction",
            "RuleNumber",
        ],
    ),
];
