//! Services with a firewall of their own (P30 to P32): whom each lets in, as its documents say.
//!
//! Network reach only: nothing here is about authentication. Knows no path and no target; `lower` has those.

mod app_engine_application;
mod app_engine_firewall;
mod app_engine_service;
mod authorized;
mod cloud_sql;
mod gke_cluster;
mod line;

use cloud::Stated;
use model::Effect;

use crate::intake::Intake;

pub(crate) use app_engine_application::AppEngineApplication;
pub(crate) use app_engine_firewall::AppEngineFirewall;
pub(crate) use app_engine_service::{AppEngineService, Ingress};
pub(crate) use cloud_sql::CloudSqlInstance;
pub(crate) use gke_cluster::{DnsEndpoint, GkeCluster};
pub(crate) use line::{Line, Whom};

/// Tells of something of App Engine that does not say whose it is, which is not taken in.
fn tell_unnamed<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) {
    let sentence = "it does not say of which application it is: nothing of it is in the answer";
    stated.tell("missing-subject", Effect::Skipped, sentence, intake);
}
