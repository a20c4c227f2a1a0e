// The program. It is included twice, and names nothing but what both kinds of bindings have.

use wasmtime::component::{Component, HasSelf, Linker, Resource, ResourceAny, ResourceTable};
use wasmtime::{Engine, Result, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use self::bindings::called::exports::witgen::conformance as exported;
use self::bindings::called::witgen::conformance::records::Point;
use self::bindings::called::{Called, CalledPre, Tagged};
use self::bindings::visited::Visited;
use self::bindings::visited::witgen::conformance::{store, store_users};
use crate::store::{Counter, Gate};

/// What a guest gets from this program.
struct State {
    wasi: WasiCtx,
    table: ResourceTable,
    live: u32,
}

impl State {
    fn new() -> Self {
        let wasi = WasiCtx::builder().allow_blocking_current_thread(true).build();
        Self { wasi, table: ResourceTable::new(), live: 0 }
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

/// Calls everything that a provider exports, and tells what came back.
///
/// # Errors
///
/// When the component does not fit, or a call traps that must not.
pub fn called(engine: &Engine, component: &Component) -> Result<Vec<String>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
    let pre = CalledPre::new(linker.instantiate_pre(component)?)?;
    let mut store = Store::new(engine, State::new());
    let guest = pre.instantiate(&mut store)?;
    let mut lines = Vec::new();
    plain(&guest, &mut store, &mut lines)?;
    failures(&guest, &mut store, &mut lines)?;
    aggregates(&guest, &mut store, &mut lines)?;
    counters(&guest, &mut store, &mut lines)?;
    foreign(&pre, &guest, &mut store, &mut lines)?;
    traps(&pre, &mut lines)?;
    Ok(lines)
}

fn plain(guest: &Called, mut store: &mut Store<State>, lines: &mut Vec<String>) -> Result<()> {
    let scalars = guest.witgen_conformance_scalars();
    lines.push(format!("{}", scalars.call_echo_u64(&mut store, u64::MAX)?));
    lines.push(format!("{}", scalars.call_echo_s8(&mut store, i8::MIN)?));
    lines.push(format!("{:?}", scalars.call_echo_char(&mut store, '🦀')?));
    lines.push(scalars.call_echo_string(&mut store, "naïve")?);
    let text: wasmtime::component::TypedFunc<(&str,), (String,)> = scalars.func_echo_string();
    lines.push(text.call(&mut store, ("typed",))?.0);
    let lists = guest.witgen_conformance_lists();
    lines.push(format!("{:?}", lists.call_echo_bytes(&mut store, &[1, 2, 255])?));
    lines.push(format!("{:?}", lists.call_echo_strings(&mut store, &["a".to_owned(), String::new()])?));
    lines.push(format!("{:?}", lists.call_echo_nested(&mut store, &[vec!["b".to_owned()], vec![]])?));
    let options = guest.witgen_conformance_options();
    lines.push(format!("{:?}", options.call_echo_string(&mut store, Some("there"))?));
    lines.push(format!("{:?}", options.call_echo_nested(&mut store, Some(None))?));
    lines.push(guest.inline().call_echo(&mut store, "inline")?);
    lines.push(format!("{}", guest.call_renamed(&mut store)?));
    let tagged = Tagged { at: Point { x: -1, y: 2 }, label: "dot".to_owned() };
    let Tagged { at, label } = guest.call_echo_tagged(&mut store, &tagged)?;
    lines.push(format!("{} {} {label}", at.x, at.y));
    Ok(())
}

fn failures(guest: &Called, mut store: &mut Store<State>, lines: &mut Vec<String>) -> Result<()> {
    use exported::results::Failure;

    let results = guest.witgen_conformance_results();
    lines.push(format!("{:?}", results.call_divide(&mut store, 7, 2)?));
    lines.push(format!("{:?}", results.call_divide(&mut store, 7, 0)?));
    match results.call_find(&mut store, "")? {
        Err(failure @ Failure::Denied) => lines.push(format!("{failure}: {}", failure.name())),
        Err(Failure::Missing) => lines.push("missing".to_owned()),
        Ok(found) => lines.push(found),
    }
    let report = results.call_check(&mut store, "text")?;
    if let Err(report) = &report {
        let _: &dyn std::error::Error = report;
        lines.push(format!("{} {}", report.line, report.message));
    }
    lines.push(format!("{:?}", results.call_attempt(&mut store, false)?));
    lines.push(format!("{:?}", results.call_echo_bare(&mut store, &[Ok(()), Err(())])?));
    lines.push(format!("{:?}", results.call_echo_result(&mut store, Err("wrong"))?));
    Ok(())
}

fn aggregates(guest: &Called, mut store: &mut Store<State>, lines: &mut Vec<String>) -> Result<()> {
    use exported::enums::Suit;
    use exported::flag_sets::Permissions;
    use exported::records::{Person, Point};
    use exported::variants::Shape;

    let person = Person {
        name: "Ada".to_owned(),
        age: 36,
        home: Point { x: 1, y: -2 },
        nicknames: vec!["Countess".to_owned()],
    };
    let records = guest.witgen_conformance_records();
    for person in records.call_echo_people(&mut store, &[person.clone(), person])? {
        lines.push(format!("{} {} {} {:?}", person.name, person.age, person.home.y, person.nicknames));
    }
    for shape in [Shape::Circle(0.5), Shape::Rectangle((1, 2)), Shape::Label("here".to_owned()), Shape::Empty] {
        lines.push(match guest.witgen_conformance_variants().call_echo_shape(&mut store, &shape)? {
            Shape::Circle(radius) => format!("circle {radius}"),
            Shape::Rectangle((width, height)) => format!("rectangle {width} {height}"),
            Shape::Label(text) => format!("label {text}"),
            Shape::Empty => "empty".to_owned(),
        });
    }
    let suit = guest.witgen_conformance_enums().call_echo_suit(&mut store, Suit::Diamonds)?;
    lines.push(format!("{}", suit == Suit::Diamonds));
    let wanted = Permissions::READ | Permissions::RUN_IT;
    let got = guest.witgen_conformance_flag_sets().call_echo_permissions(&mut store, wanted)?;
    lines.push(format!("{} {}", got == wanted, got.contains(Permissions::WRITE)));
    Ok(())
}

fn counters(guest: &Called, mut store: &mut Store<State>, lines: &mut Vec<String>) -> Result<()> {
    use exported::store::{Either, Pair};

    let functions = guest.witgen_conformance_store();
    let counter = functions.counter();
    let five = counter.call_constructor(&mut store, 5)?;
    lines.push(format!("{}", counter.call_add(&mut store, five, 3)?));
    lines.push(format!("{:?}", counter.call_checked(&mut store, five, 101)?));
    let seven = counter.call_constructor(&mut store, 7)?;
    let merged = counter.call_merge(&mut store, five, seven)?;
    lines.push(format!("{}", counter.call_value(&mut store, merged)?));
    // The right one was moved.
    lines.push(format!("moved: {}", counter.call_value(&mut store, seven).is_err()));
    lines.push(format!("{}", functions.call_total(&mut store, &[five, merged])?));
    let pair = functions.call_swap(&mut store, &Pair { left: five, right: merged, name: "both".to_owned() })?;
    lines.push(format!("{} {}", counter.call_value(&mut store, pair.left)?, pair.name));
    let picked: ResourceAny = match functions.call_pick(&mut store, &Either::Two(pair))? {
        Ok(picked) => picked,
        Err(message) => wasmtime::bail!("{message}"),
    };
    lines.push(format!("{:?}", counter.call_list(&mut store, picked)?));
    picked.resource_drop(&mut store)?;
    // Dropped is gone.
    lines.push(format!("dropped: {}", counter.call_value(&mut store, picked).is_err()));
    if let Err(message) = functions.gate().call_constructor(&mut store, "closed")? {
        lines.push(message);
    }
    // The instance is as good as before.
    lines.push(format!("{:?}", functions.call_make(&mut store, 2000)?.err()));
    Ok(())
}

/// A resource of another instance is refused, and both instances go on.
fn foreign(
    pre: &CalledPre<State>,
    guest: &Called,
    store: &mut Store<State>,
    lines: &mut Vec<String>,
) -> Result<()> {
    let other = pre.instantiate(&mut *store)?;
    let counter = other.witgen_conformance_store().counter().call_constructor(&mut *store, 1)?;
    let refused = guest.witgen_conformance_store().counter().call_value(&mut *store, counter);
    lines.push(format!("foreign: {}", refused.is_err()));
    lines.push(format!("{}", other.witgen_conformance_store().counter().call_value(&mut *store, counter)?));
    lines.push(format!("{}", guest.call_renamed(&mut *store)?));
    Ok(())
}

/// A trap poisons its store; instances of other stores live on.
fn traps(pre: &CalledPre<State>, lines: &mut Vec<String>) -> Result<()> {
    let mut stores = [(); 2].map(|()| Store::new(pre.engine(), State::new()));
    let [left, right] = &mut stores;
    let guests = [pre.instantiate(&mut *left)?, pre.instantiate(&mut *right)?];
    lines.push(format!("trap: {}", guests[0].call_fail(&mut *left, "on purpose").is_err()));
    lines.push(format!("poisoned: {}", guests[0].call_renamed(&mut *left).is_err()));
    lines.push(format!("{}", guests[1].call_renamed(&mut *right)?));
    Ok(())
}

/// Lets a guest use counters of this program, and gives what the guest found wrong and how many are left.
///
/// # Errors
///
/// When the component does not fit, or traps.
pub fn visited(engine: &Engine, component: &Component) -> Result<(Vec<String>, u32)> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
    Visited::add_to_linker::<State, HasSelf<State>>(&mut linker, |state| state)?;
    let mut store = Store::new(engine, State::new());
    let guest = Visited::instantiate(&mut store, component, &linker)?;
    let lines = guest.call_run(&mut store, true)?;
    Ok((lines, store.data().live))
}

impl State {
    fn counter(&mut self, start: u32) -> Result<Resource<Counter>> {
        self.live += 1;
        Ok(self.table.push(Counter(vec![start]))?)
    }

    fn free(&mut self, counter: Resource<Counter>) -> Result<()> {
        self.table.delete(counter)?;
        self.live -= 1;
        Ok(())
    }
}

impl store::HostCounter for State {
    fn new(&mut self, start: u32) -> Result<Resource<Counter>> {
        self.counter(start)
    }

    fn add(&mut self, this: Resource<Counter>, number: u32) -> Result<u32> {
        let counter = self.table.get_mut(&this)?;
        Ok(counter.change(counter.value() + number))
    }

    fn value(&mut self, this: Resource<Counter>) -> Result<u32> {
        Ok(self.table.get(&this)?.value())
    }

    fn checked(&mut self, this: Resource<Counter>, number: u32) -> Result<std::result::Result<u32, String>> {
        if number > 100 {
            return Ok(Err(format!("too large: {number}")));
        }
        store::HostCounter::add(self, this, number).map(Ok)
    }

    fn merge(&mut self, left: Resource<Counter>, right: Resource<Counter>) -> Result<Resource<Counter>> {
        let sum = self.table.get(&left)?.value() + self.table.get(&right)?.value();
        self.free(right)?;
        self.counter(sum)
    }

    fn parse(&mut self, text: String) -> Result<std::result::Result<Resource<Counter>, String>> {
        match text.parse() {
            Ok(start) => self.counter(start).map(Ok),
            Err(_) => Ok(Err(format!("not a number: {text}"))),
        }
    }

    fn close(&mut self, this: Resource<Counter>) -> Result<()> {
        self.table.get_mut(&this)?.change(0);
        Ok(())
    }

    fn list(&mut self, this: Resource<Counter>) -> Result<Vec<u32>> {
        Ok(self.table.get(&this)?.0.clone())
    }

    fn drop(&mut self, counter: Resource<Counter>) -> Result<()> {
        self.free(counter)
    }
}

impl store::HostGate for State {
    fn new(&mut self, key: String) -> Result<std::result::Result<Resource<Gate>, String>> {
        if key == "open" { Ok(Ok(self.table.push(Gate)?)) } else { Ok(Err(format!("wrong key: {key}"))) }
    }

    fn enter(&mut self, _: Resource<Gate>, visitor: Resource<Counter>) -> Result<Option<Resource<Counter>>> {
        if self.table.get(&visitor)?.value().is_multiple_of(2) {
            return Ok(Some(visitor));
        }
        self.free(visitor)?;
        Ok(None)
    }

    fn drop(&mut self, gate: Resource<Gate>) -> Result<()> {
        self.table.delete(gate)?;
        Ok(())
    }
}

impl store::Host for State {
    fn make(&mut self, start: u32) -> Result<std::result::Result<Resource<Counter>, String>> {
        if start > 1000 { Ok(Err(format!("too large: {start}"))) } else { self.counter(start).map(Ok) }
    }

    fn total(&mut self, counters: Vec<Resource<Counter>>) -> Result<u32> {
        let mut total = 0;
        for counter in &counters {
            total += self.table.get(counter)?.value();
        }
        Ok(total)
    }

    fn swap(&mut self, pair: store::Pair) -> Result<store::Pair> {
        Ok(store::Pair { left: pair.right, right: pair.left, name: pair.name })
    }

    fn pick(&mut self, either: store::Either) -> Result<std::result::Result<Resource<Counter>, String>> {
        match either {
            store::Either::One(counter) => Ok(Ok(counter)),
            store::Either::Two(pair) => {
                self.free(pair.right)?;
                Ok(Ok(pair.left))
            }
            store::Either::None => Ok(Err("nothing to pick".to_owned())),
        }
    }

    fn several(&mut self, count: u32) -> Result<Vec<(u32, Resource<Counter>)>> {
        (0..count).map(|start| Ok((start, self.counter(start)?))).collect()
    }

    fn live(&mut self) -> Result<u32> {
        Ok(self.live)
    }
}

impl store_users::Host for State {
    fn look(&mut self, counter: Resource<Counter>) -> Result<u32> {
        Ok(self.table.get(&counter)?.value())
    }

    fn look_at_all(&mut self, counters: Vec<Resource<Counter>>) -> Result<Vec<String>> {
        counters.iter().map(|counter| Ok(self.table.get(counter)?.value().to_string())).collect()
    }

    fn exchange(
        &mut self,
        counter: Resource<Counter>,
    ) -> Result<std::result::Result<Resource<Counter>, Resource<Counter>>> {
        let is_even = self.table.get(&counter)?.value().is_multiple_of(2);
        Ok(if is_even { Ok(counter) } else { Err(counter) })
    }

    fn unpack(&mut self, pair: store_users::Pair) -> Result<(Resource<Counter>, Resource<Counter>)> {
        Ok((pair.left, pair.right))
    }
}
