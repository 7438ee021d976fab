//! The CA, to be looked at while others change it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Notify;

use crate::engine::{Answer, Fault};
use gsec_ca::authority::{Authority, AuthorityError, OpenCa};
use gsec_ca::home::{CaDir, KeySource};

/// Why the CA cannot be looked at.
pub type ViewError = AuthorityError;

/// The CA as its files say.
pub struct CaView {
    opened: RwLock<Arc<OpenCa>>,
    /// How often it was opened anew.
    reopened: AtomicU64,
    /// It was.
    is_another: Notify,
}

impl CaView {
    /// Opens it.
    ///
    /// # Errors
    /// [`AuthorityError`].
    pub fn open(directory: CaDir, keys: Arc<dyn KeySource>) -> Result<Arc<Self>, ViewError> {
        Ok(Arc::new(Self {
            opened: RwLock::new(Arc::new(OpenCa::open(directory, keys)?)),
            reopened: AtomicU64::new(0),
            is_another: Notify::new(),
        }))
    }

    /// The CA as its files say now. Reads files: not for a thread that answers others.
    ///
    /// # Errors
    /// [`AuthorityError`] where they changed, and it cannot be opened any more.
    pub fn now(&self) -> Result<Arc<OpenCa>, ViewError> {
        let opened = self.opened.read().unwrap_or_else(PoisonError::into_inner).clone();
        if opened.is_current() {
            return Ok(opened);
        }
        let now = Arc::new(opened.reopened()?);
        *self.opened.write().unwrap_or_else(PoisonError::into_inner) = now.clone();
        self.reopened.fetch_add(1, Ordering::SeqCst);
        self.is_another.notify_one();
        Ok(now)
    }

    /// How often its files were other ones. What was counted of the CA before was counted of another one.
    pub fn times_reopened(&self) -> u64 {
        self.reopened.load(Ordering::SeqCst)
    }

    /// Waits until it was opened anew since this was asked last. One asks.
    pub async fn opened_anew(&self) {
        self.is_another.notified().await;
    }

    /// Looks at it on a thread that may wait for the disk.
    ///
    /// # Errors
    /// Status 503 where it cannot be opened.
    pub async fn look<T: Send + 'static>(
        self: &Arc<Self>,
        look: impl FnOnce(&Authority) -> T + Send + 'static,
    ) -> Answer<T> {
        let view = self.clone();
        let looked = tokio::task::spawn_blocking(move || view.now().map(|opened| look(opened.authority())));
        match looked.await {
            Ok(Ok(seen)) => Ok(seen),
            Ok(Err(error)) => Err(Fault::unavailable(error.to_string())),
            Err(error) => Err(Fault::unavailable(error.to_string())),
        }
    }
}
