//! Whether a certificate could be issued now.

use time::OffsetDateTime;

use crate::authority::{Authority, AuthorityError};

impl Authority {
    /// Looks at all that issuing looks at before there is an order: the CA is in date, its policy is there and reads, this machine's clock is not behind the log,
    /// nobody else can exchange the CA's files, the records can be written, there is a serial number, and no certificate keeps every other from being issued since
    /// it cannot be read. Whether the CA key can be used is not looked at.
    ///
    /// # Errors
    /// What [`Authority::issue_ready`] would say.
    pub fn expect_ready(&self, now: OffsetDateTime) -> Result<(), AuthorityError> {
        self.expect_in_date(now)?;
        self.expect_policy()?;
        self.expect_clock_by_log(now)?;
        self.records().expect_writable()?;
        self.records().expect_recordable()?;
        self.next_serial()?;
        // Each may be of the key that the next one asks for.
        for record in self.records().lookup()?.of_unknown_key() {
            self.issued_certificate(&record.serial)?;
        }
        Ok(())
    }
}
