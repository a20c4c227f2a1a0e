//! How much linear memory a guest has, and whether that is steady.

use wasmtime::ResourceLimiter;

/// Growth after the first quarter that is fine, whatever the size.
const SLACK: u64 = 2 << 20;

/// Bytes of linear memory, which never shrinks, at three points of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Before the first call.
    pub start: u64,
    /// After a quarter of the calls.
    pub quarter: u64,
    /// After the last call.
    pub peak: u64,
}

impl Memory {
    /// Whether it grew by no more than a tenth or 2 MiB since the first quarter.
    pub fn is_steady(&self) -> bool {
        self.peak - self.quarter <= SLACK.max(self.quarter / 10)
    }
}

/// Adds up the sizes of all memories of a store.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    pub(crate) bytes: u64,
}

impl ResourceLimiter for Meter {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.bytes += (desired - current) as u64;
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::Memory;

    #[test]
    fn memory_may_grow_at_first_and_a_little_later() {
        let memory = |quarter: u64, peak: u64| Memory { start: 0, quarter, peak };
        assert!(memory(10 << 20, 12 << 20).is_steady());
        assert!(!memory(10 << 20, 13 << 20).is_steady());
        assert!(memory(100 << 20, 110 << 20).is_steady());
        assert!(!memory(100 << 20, 111 << 20).is_steady());
    }
}
