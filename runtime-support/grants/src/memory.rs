//! The limit of memory.

use wasmtime::ResourceLimiter;

use crate::exceeded::Exceeded;
use crate::units::Size;

/// Bounds all linear memories of an instance together.
#[derive(Debug)]
pub(crate) struct MemoryLimit {
    limit: Option<Size>,
    used: usize,
}

impl MemoryLimit {
    pub(crate) fn new(limit: Option<Size>) -> Self {
        Self { limit, used: 0 }
    }

    fn bytes(&self) -> usize {
        self.limit.map_or(usize::MAX, |size| usize::try_from(size.0).unwrap_or(usize::MAX))
    }
}

impl ResourceLimiter for MemoryLimit {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let used = self.used.saturating_add(desired.saturating_sub(current));
        if used > self.bytes()
            && let Some(limit) = self.limit
        {
            // An error instead of a failed growth: guests answer that with `unreachable`, which tells nobody why.
            return Err(Exceeded::Memory(limit).into());
        }
        // Beyond its own maximum a memory does not grow, which is nothing to pay for.
        let grows = maximum.is_none_or(|maximum| desired <= maximum);
        if grows {
            self.used = used;
        }
        Ok(grows)
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(desired.saturating_mul(size_of::<usize>()) <= self.bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memories_share_one_limit() {
        let mut limit = MemoryLimit::new(Some(Size(3 << 16)));
        assert!(limit.memory_growing(0, 1 << 16, None).unwrap());
        assert!(!limit.memory_growing(1 << 16, 2 << 16, Some(1 << 16)).unwrap());
        assert!(limit.memory_growing(0, 2 << 16, None).unwrap());
        let error = limit.memory_growing(1 << 16, 2 << 16, None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the component needs more memory than `limits.memory` grants, which is 192KiB"
        );
        assert!(MemoryLimit::new(None).memory_growing(0, usize::MAX, None).unwrap());
    }
}
