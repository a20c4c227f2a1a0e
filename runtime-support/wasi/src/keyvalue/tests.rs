//! Every store does the same.

use std::collections::BTreeSet;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::*;

fn check(store: &dyn KeyValueStore) {
    assert_eq!(store.get("b", "a").unwrap(), None);
    store.set("b", "a", b"\0\xff").unwrap();
    store.set("b", "", b"").unwrap();
    store.set("", "a", "naïve".as_bytes()).unwrap();
    assert_eq!(store.get("b", "a").unwrap().as_deref(), Some(&b"\0\xff"[..]));
    assert_eq!(store.get("b", "").unwrap().as_deref(), Some(&b""[..]));
    assert_eq!(store.get("", "a").unwrap().as_deref(), Some("naïve".as_bytes()));
    assert!(store.exists("b", "").unwrap() && !store.exists("c", "").unwrap());
    store.set("b", "a", b"new").unwrap();
    assert_eq!(store.get("b", "a").unwrap().as_deref(), Some(&b"new"[..]));
    store.delete("b", "a").unwrap();
    store.delete("b", "a").unwrap();
    assert_eq!(store.get("b", "a").unwrap(), None);

    assert_eq!(store.increment("n", "count", 5).unwrap(), 5);
    assert_eq!(store.increment("n", "count", u64::MAX - 5).unwrap(), u64::MAX);
    assert_eq!(store.increment("n", "count", 1).unwrap_err().0, "the number becomes too large");
    assert_eq!(store.get("n", "count").unwrap().unwrap(), u64::MAX.to_string().as_bytes());
    store.set("n", "text", b"five").unwrap();
    assert_eq!(store.increment("n", "text", 1).unwrap_err().0, "the value is not a number");

    let entries: Vec<(String, Vec<u8>)> =
        (0..25).map(|index| (format!("key-{index}"), vec![index])).collect();
    store.set_many("many", &entries).unwrap();
    store.set_many("many", &[]).unwrap();
    let wanted = ["key-7".to_owned(), "none".to_owned(), "key-1".to_owned()];
    assert_eq!(store.get_many("many", &wanted).unwrap(), [Some(vec![7]), None, Some(vec![1])]);
    store.delete_many("many", &wanted).unwrap();
    let mut listed = BTreeSet::new();
    let mut from = 0;
    while let Keys { keys, next: Some(next) } = store.keys("many", from, 10).unwrap() {
        listed.extend(keys);
        from = next;
    }
    listed.extend(store.keys("many", from, 10).unwrap().keys);
    let expected: BTreeSet<String> =
        entries.into_iter().map(|(key, _)| key).filter(|key| !wanted.contains(key)).collect();
    assert_eq!(listed, expected);
    assert_eq!(store.keys("nothing", 0, 10).unwrap(), Keys::default());
}

/// No increment is lost, and a listing ends while keys come and go.
fn check_at_once(store: &dyn KeyValueStore) {
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope
                .spawn(|| (0..50).for_each(|_| assert!(store.increment("at-once", "count", 1).unwrap() > 0)));
        }
    });
    assert_eq!(store.get("at-once", "count").unwrap().unwrap(), b"200");
}

#[test]
fn memory_keeps_values() {
    let store = open("memory").unwrap();
    check(&*store);
    check_at_once(&*store);
}

#[cfg(feature = "sqlite")]
#[test]
fn a_file_keeps_values_longer_than_the_process() {
    let dir = tempfile::tempdir().unwrap();
    let name = format!("file:{}", dir.path().join("store.db").display());
    let store = open(&name).unwrap();
    check(&*store);
    check_at_once(&*store);
    let other = open(&name).unwrap();
    assert_eq!(other.get("at-once", "count").unwrap().unwrap(), b"200");
    other.set("b", "shared", b"1").unwrap();
    assert_eq!(store.get("b", "shared").unwrap().unwrap(), b"1");
    drop((store, other));
    assert!(open("file:/nowhere/store.db").is_err());
    std::fs::write(dir.path().join("text"), "no database at all, but long enough to be looked at").unwrap();
    assert!(open(&format!("file:{}", dir.path().join("text").display())).is_err());
}

/// A server of the test's own.
#[cfg(feature = "redis")]
struct Server(Child);

#[cfg(feature = "redis")]
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(feature = "redis")]
#[test]
fn redis_keeps_values() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let dir = tempfile::tempdir().unwrap();
    let words = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port"];
    let mut command = Command::new("redis-server");
    command.args(words).arg(port.to_string()).arg("--dir").arg(dir.path()).stdout(Stdio::null());
    let Ok(child) = command.spawn() else {
        assert!(std::env::var_os("CI").is_none(), "`redis-server` is not installed: `cargo xtask setup`");
        return;
    };
    let _server = Server(child);
    let url = format!("redis://127.0.0.1:{port}");
    let start = Instant::now();
    let store = loop {
        match open(&url) {
            Ok(store) => break store,
            Err(_) if start.elapsed() < Duration::from_secs(10) => {
                std::thread::sleep(Duration::from_millis(20))
            }
            Err(reason) => panic!("{reason}"),
        }
    };
    check(&*store);
    check_at_once(&*store);
    assert!(open(&format!("redis://127.0.0.1:{port}/99999")).is_err());
}
