//! Work that only computes, shared out over the machine's cores.

/// Works on as many neighbouring parts of `items` as there are cores, at once, and blocks until all are done; what came of
/// them is in their order. `work` gets a part and the place of its first item. Parts have at least `least` items, so that a
/// few are worked on here and now.
pub fn in_parts<T: Sync, R: Send>(items: &[T], least: usize, work: impl Fn(usize, &[T]) -> R + Sync) -> Vec<R> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let size = items.len().div_ceil(cores).max(least).max(1);
    if items.len() <= size {
        return vec![work(0, items)];
    }
    let work = &work;
    std::thread::scope(|scope| {
        let parts: Vec<_> =
            items.chunks(size).enumerate().map(|(n, part)| scope.spawn(move || work(n * size, part))).collect();
        let join = |part: std::thread::ScopedJoinHandle<'_, R>| match part.join() {
            Ok(made) => made,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        parts.into_iter().map(join).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_back_in_order_and_know_their_place() {
        for (count, least) in [(0, 1), (1, 1), (7, 100), (1_000, 1), (1_001, 300)] {
            let items: Vec<usize> = (0..count).collect();
            let made = in_parts(&items, least, |first, part| {
                assert_eq!(part.first().copied().unwrap_or(first), first);
                part.to_vec()
            });
            assert_eq!(made.concat(), items, "{count} in parts of {least}");
            assert!(made.len() <= 1 || made.iter().rev().skip(1).all(|part| part.len() >= least));
        }
    }
}
