//! Stories of the shop, told as talk.

mod buying;
mod crashes;
mod dying;
mod models;
mod simulation;
