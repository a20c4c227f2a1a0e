//! `wasi:config`: values that the grants set.

use wasmtime::component::{ComponentType, Lift, Linker, Lower};
use wasmtime::{Result, StoreContextMut};

use crate::state::PackagesView;

pub(crate) const VERSIONS: &[&str] = &["", "0.2.0-draft", "0.2.0-rc.1"];

#[derive(Clone, Debug, ComponentType, Lift, Lower)]
#[component(variant)]
#[allow(dead_code, reason = "the interface has them")]
enum Error {
    #[component(name = "upstream")]
    Upstream(String),
    #[component(name = "io")]
    Io(String),
}

type Answer<R> = Result<(std::result::Result<R, Error>,)>;

pub(crate) fn add<T: PackagesView>(linker: &mut Linker<T>) -> Result<()> {
    for name in crate::names("wasi:config/store", VERSIONS) {
        let mut store = linker.instance(&name)?;
        store.func_wrap(
            "get",
            |mut store: StoreContextMut<'_, T>, (key,): (String,)| -> Answer<Option<String>> {
                let guard = store.data_mut().guard();
                guard.monitor().used("config.get", &key, "config")?;
                Ok((Ok(guard.grants().config.set.get(&key).cloned()),))
            },
        )?;
        store.func_wrap(
            "get-all",
            |mut store: StoreContextMut<'_, T>, (): ()| -> Answer<Vec<(String, String)>> {
                let guard = store.data_mut().guard();
                guard.monitor().used("config.get-all", "", "config")?;
                let all = guard.grants().config.set.iter();
                Ok((Ok(all.map(|(key, value)| (key.clone(), value.clone())).collect()),))
            },
        )?;
    }
    Ok(())
}
