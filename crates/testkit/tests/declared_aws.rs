//! The same account of AWS, exported, declared in Terraform and CloudFormation in many ways, and planned.

use std::collections::BTreeMap;

use testkit::configuration::{Rewrite, StackRewrite, aws, declarable, plan, stack, write};
use testkit::estates::declared;
use testkit::generate::AwsElement;
use testkit::random::{Random, mix};

/// Elements that a configuration can say all of.
const ELEMENTS: [AwsElement; 7] = [
    AwsElement::Groups,
    AwsElement::Lists,
    AwsElement::Routes,
    AwsElement::Access,
    AwsElement::PrefixLists,
    AwsElement::Icmp,
    AwsElement::Mixed,
];
/// Accounts of each element.
const OF_EACH: u64 = 8;

#[test]
fn what_is_declared_is_reached_as_what_is_exported() {
    let (mut accounts, mut open, mut written) = (0, 0, 0);
    let mut differing = BTreeMap::<(&str, String), Vec<String>>::new();
    for element in ELEMENTS {
        for seed in 0..OF_EACH {
            let mut random = Random::new(mix(seed));
            let account = declarable(&element.account(&mut random));
            let texts = account.texts();
            let expected = declared(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())));
            accounts += 1;
            open += usize::from(!expected.exposures.is_empty());
            let configuration = aws(&account, &mut random);
            let planned = vec![("plan.json".to_owned(), plan(&configuration).to_string())];
            let mut ways = vec![
                ("plan".to_owned(), planned),
                ("plain".to_owned(), write(&configuration, &[], &mut random)),
            ];
            for rewrite in Rewrite::ALL {
                ways.push((format!("{rewrite:?}"), write(&configuration, &[rewrite], &mut random)));
            }
            ways.push(("all".to_owned(), write(&configuration, &Rewrite::ALL, &mut random)));
            ways.push(("stack".to_owned(), vec![stack(&account, &[], &mut random)]));
            for rewrite in StackRewrite::ALL {
                ways.push((format!("stack {rewrite:?}"), vec![stack(&account, &[rewrite], &mut random)]));
            }
            ways.push(("stack all".to_owned(), vec![stack(&account, &StackRewrite::ALL, &mut random)]));
            for (way, files) in ways {
                written += 1;
                let found = declared(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
                if found.exposures != expected.exposures {
                    let place = (element.word(), way);
                    differing.entry(place).or_default().push(format!("{seed}: {}", expected.unlike(&found)));
                }
            }
        }
    }
    println!("{open} of {accounts} accounts are open, written in {written} ways");
    assert!(differing.is_empty(), "{differing:#?}");
    assert!(open * 5 > accounts * 4, "too few accounts are open to mean anything");
}
