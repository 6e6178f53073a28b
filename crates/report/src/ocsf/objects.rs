//! The objects of an event, as far as we write them, one struct each.
//!
//! Names and numbers follow the schema; what is `None` or empty is left out. Knows nothing of findings.

use core::net::IpAddr;

use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Event<'a> {
    pub(super) activity_id: u8,
    pub(super) activity_name: &'static str,
    pub(super) category_uid: u8,
    pub(super) category_name: &'static str,
    pub(super) class_uid: u16,
    pub(super) class_name: &'static str,
    pub(super) type_uid: u32,
    pub(super) type_name: String,
    pub(super) time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) start_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) end_time: Option<i64>,
    pub(super) severity_id: u8,
    pub(super) severity: &'static str,
    pub(super) status_id: u8,
    pub(super) status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status_detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) confidence_id: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) is_alert: Option<bool>,
    pub(super) message: String,
    pub(super) metadata: Metadata<'a>,
    pub(super) cloud: Cloud<'a>,
    pub(super) finding_info: FindingInfo<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) compliance: Option<Compliance>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) evidences: Vec<Evidence<'a>>,
    pub(super) resources: Vec<Resource<'a>>,
    pub(super) remediation: Remediation,
    pub(super) unmapped: Unmapped<'a>,
}

#[derive(Serialize)]
pub(super) struct Metadata<'a> {
    pub(super) version: &'static str,
    pub(super) profiles: [&'static str; 1],
    pub(super) product: Product<'a>,
}

#[derive(Serialize)]
pub(super) struct Product<'a> {
    pub(super) name: &'static str,
    pub(super) vendor_name: &'static str,
    pub(super) version: &'a str,
}

#[derive(Serialize)]
pub(super) struct Cloud<'a> {
    pub(super) provider: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) account: Option<Account<'a>>,
}

#[derive(Serialize)]
pub(super) struct Account<'a> {
    pub(super) uid: &'a str,
}

#[derive(Serialize)]
pub(super) struct FindingInfo<'a> {
    pub(super) uid: String,
    pub(super) title: &'static str,
    pub(super) desc: &'a str,
    pub(super) types: [&'static str; 1],
    pub(super) analytic: Analytic,
    pub(super) attacks: Vec<Attack>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) first_seen_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_seen_time: Option<i64>,
}

#[derive(Serialize)]
pub(super) struct Analytic {
    pub(super) uid: &'static str,
    pub(super) name: &'static str,
    pub(super) type_id: u8,
    pub(super) r#type: &'static str,
}

#[derive(Serialize)]
pub(super) struct Attack {
    pub(super) technique: Named,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sub_technique: Option<Named>,
}

#[derive(Serialize)]
pub(super) struct Named {
    pub(super) uid: &'static str,
}

#[derive(Serialize)]
pub(super) struct Compliance {
    pub(super) control: &'static str,
    pub(super) standards: Vec<String>,
    pub(super) requirements: Vec<String>,
    pub(super) status_id: u8,
    pub(super) status: &'static str,
}

#[derive(Serialize)]
pub(super) struct Evidence<'a> {
    pub(super) actor: Actor<'a>,
    pub(super) api: Api<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) src_endpoint: Option<Endpoint<'a>>,
    pub(super) data: Data<'a>,
}

#[derive(Serialize)]
pub(super) struct Actor<'a> {
    pub(super) user: User<'a>,
}

#[derive(Serialize)]
pub(super) struct User<'a> {
    pub(super) name: &'a str,
}

#[derive(Serialize)]
pub(super) struct Api<'a> {
    pub(super) operation: &'a str,
    pub(super) request: Request<'a>,
}

#[derive(Serialize)]
pub(super) struct Request<'a> {
    pub(super) uid: &'a str,
}

/// An address, or a service that called.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Endpoint<'a> {
    Ip(IpAddr),
    SvcName(&'a str),
}

#[derive(Serialize)]
pub(super) struct Data<'a> {
    pub(super) event: &'a str,
    pub(super) time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) effect: Option<&'static str>,
    pub(super) edited: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) client: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) sources: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Resource<'a> {
    pub(super) uid: &'a str,
    pub(super) name: &'a str,
    pub(super) r#type: &'static str,
    /// 1 Target, 3 Affected.
    pub(super) role_id: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ip: Option<IpAddr>,
}

#[derive(Serialize)]
pub(super) struct Remediation {
    pub(super) desc: String,
}

#[derive(Serialize)]
pub(super) struct Unmapped<'a> {
    pub(super) finding: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) opening: Option<String>,
    pub(super) packets: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reach: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) certainty: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) baseline: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) witness: Option<String>,
}
