//! The server as it is started, and the clients that people use. The clients are the real ones; a missing one fails the test.

mod clients;
mod hostile;
mod publication;
mod site;
