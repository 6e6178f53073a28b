//! The parts of the work in this process, each by itself: cutting into records, hearing them, replaying what matters, telling.

use bench::clock::cpu_now;
use bench::trail::{Trail, file};
use cloud::audit::Element;
use model::{DocumentId, Provenance};
use read::{Broken, LogElement, LogEnd, LogLimits, LogSink, Taken, Unread};
use replay::{Expectations, Replay};

use crate::memory::over;
use crate::{estate, truth};

const GROUPS: usize = 400;
const RECORDS_OF_FILE: usize = 500;

pub(crate) fn run(megabytes: usize) {
    let mut trail = Trail::new(7, GROUPS);
    let (mut files, mut lines, mut bytes) = (String::new(), String::new(), 0);
    while bytes < megabytes << 20 {
        let records: Vec<String> = (0..RECORDS_OF_FILE).map(|_| trail.record()).collect();
        files += &(file(&records) + "\n");
        lines += &(records.join("\n") + "\n");
        bytes = lines.len();
    }
    let truth = trail.truth();
    println!("in this process, {} MB: MB/s of CPU", bytes / 1_000_000);
    for (name, text) in [("files", &files), ("lines", &lines)] {
        let rate = |time: std::time::Duration| text.len() as f64 / 1e6 / time.as_secs_f64();
        let start = cpu_now();
        listen(text, &mut |_| Taken::Recognised);
        let cut = cpu_now();
        listen(text, &mut |element| {
            std::hint::black_box((aws::CLOUD.trail.hear)(&heard(element)));
            Taken::Recognised
        });
        let listened = cpu_now();
        let mut replay: Replay = over(&aws::CLOUD, &[estate::aws(GROUPS, 0, GROUPS)]);
        let begun = cpu_now();
        listen(text, &mut |element| {
            let element = heard(element);
            replay.history.take((aws::CLOUD.trail.hear)(&element), &element, 1);
            Taken::Recognised
        });
        replay.advance().expect("the engine agrees with itself");
        let told = replay.told(&Expectations::default()).expect("the engine agrees with itself");
        let end = cpu_now();
        let [exact, missing, wrong] = truth::compare(truth::of_openings(&told.openings), &truth);
        println!(
            "  {name}: cut {:.0}, cut and heard {:.0}, all with the openings {:.0}; {exact} intervals exact, {missing} not, {wrong} wrong",
            rate(cut - start),
            rate(listened - cut),
            rate(end - begun)
        );
    }
}

fn heard<'e>(element: &LogElement<'e>) -> Element<'e> {
    Element { at: Provenance { document: DocumentId(9), offset: element.offset }, text: element.text }
}

fn listen(text: &str, hear: &mut dyn FnMut(&LogElement<'_>) -> Taken) {
    let keys = aws::CLOUD.trail.record_keys;
    read::elements(&["-"], &mut text.as_bytes(), keys, &LogLimits::STANDARD, &mut Listening(hear));
}

struct Listening<'h>(&'h mut dyn FnMut(&LogElement<'_>) -> Taken);

impl LogSink for Listening<'_> {
    fn begin(&mut self, _path: &str, _named: bool) {}

    fn element(&mut self, element: &LogElement<'_>) -> Taken {
        (self.0)(element)
    }

    fn broken(&mut self, broken: Broken) {
        panic!("{}: {}", broken.offset, broken.reason);
    }

    fn end(&mut self, _end: &LogEnd) {}

    fn unread(&mut self, unread: Unread) {
        panic!("{}: {}", unread.path, unread.reason);
    }
}
