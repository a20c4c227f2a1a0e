//! What stands behind the resources of the store.

/// Every value since the start; the last one counts.
#[derive(Debug)]
pub struct Counter(pub Vec<u32>);

impl Counter {
    /// The value.
    pub fn value(&self) -> u32 {
        self.0.last().copied().unwrap_or_default()
    }

    /// Makes `value` the next one.
    pub fn change(&mut self, value: u32) -> u32 {
        self.0.push(value);
        value
    }
}

/// Lets even counters through.
#[derive(Debug)]
pub struct Gate;
