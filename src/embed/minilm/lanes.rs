//! Who may compute at the same time: one thread a lane, one lane a core.

use crate::embed::{BoxError, Error};
use rten::ThreadPool;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Threads that compute. Several small works side by side use the cores better than one work split over all of them.
pub struct Lanes {
    free: Mutex<Vec<Arc<ThreadPool>>>,
    permits: Arc<Semaphore>,
}

impl Lanes {
    /// As many lanes as there are cores.
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let free = (0..cores).map(|_| Arc::new(ThreadPool::with_num_threads(1))).collect();
        Self { free: Mutex::new(free), permits: Arc::new(Semaphore::new(cores)) }
    }

    /// Does a piece of work as soon as a lane is free; who came first is first.
    pub async fn run<T: Send + 'static>(
        &'static self,
        work: impl FnOnce(&Arc<ThreadPool>) -> Result<T, BoxError> + Send + 'static,
    ) -> Result<T, Error> {
        let permit = self.permits.acquire().await.map_err(|error| Error::Load(error.into()))?;
        let lane = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        // There are as many as permits; a spare one is better than a wait that never ends.
        let lane = lane.unwrap_or_else(|| Arc::new(ThreadPool::with_num_threads(1)));
        let done = tokio::task::spawn_blocking(move || {
            let result = work(&lane);
            self.free.lock().unwrap_or_else(PoisonError::into_inner).push(lane);
            drop(permit);
            result
        });
        done.await.map_err(|error| Error::Load(error.into()))?.map_err(Error::Load)
    }
}
