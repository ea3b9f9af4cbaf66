//! Stories of the shop, told as talk.

mod buying;
mod models;
