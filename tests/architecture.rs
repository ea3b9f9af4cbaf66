//! The layers of the house.
