//! The whole channel against the little WhatsApp: our client over HTTP to it, its signed webhooks over HTTP to our router.

mod bench;
mod judge;
mod lost;
mod phone;
mod signs;
mod simulation;
mod stories;
