//! The network: token ids in, vectors out. One copy for the whole process.

use crate::embed::BoxError;
use rten::{Model, ModelOptions, NodeId, OpRegistry, RunOptions, ThreadPool, op_types};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;
use std::sync::Arc;

/// Length of the vectors.
pub const DIMS: usize = 384;

pub(super) static WEIGHTS: &[u8] = include_bytes!("../../../assets/embedder/minilm-l6-v2-int8/model.onnx");

/// The loaded network.
pub struct Network {
    model: Model,
    ids: NodeId,
    vectors: NodeId,
}

impl Network {
    /// Loads the shipped one: some 50 ms and 35 MB.
    pub fn load() -> Result<Self, BoxError> {
        let mut options = ModelOptions::with_ops(operators());
        options.prepack_weights(true);
        let model = options.load_static_slice(WEIGHTS)?;
        let (ids, vectors) = (model.node_id("ids")?, model.node_id("vectors")?);
        Ok(Self { model, ids, vectors })
    }

    /// The vectors of texts that all have `length` tokens, which stand one text after the other in `tokens`.
    pub fn run(&self, tokens: Vec<i32>, length: usize, pool: &Arc<ThreadPool>) -> Result<Vec<Vec<f32>>, BoxError> {
        let texts = tokens.len().checked_div(length).unwrap_or(0);
        if texts == 0 {
            return Ok(Vec::new());
        }
        let input = NdTensor::<i32, 2>::try_from_data([texts, length], tokens)?;
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(pool)));
        let [output] = self.model.run_n(vec![(self.ids, input.view().into())], [self.vectors], Some(options))?;
        let vectors: NdTensor<f32, 2> = output.try_into()?;
        if vectors.shape() != [texts, DIMS] {
            return Err(format!("the network gave {:?} for {texts} texts", vectors.shape()).into());
        }
        Ok(vectors.into_data().chunks(DIMS).map(<[f32]>::to_vec).collect())
    }
}

/// What the graph is made of; the runtime's other operators stay out of the program.
fn operators() -> OpRegistry {
    OpRegistry::with_ops(&[
        &op_types::Abs,
        &op_types::Add,
        &op_types::Cast,
        &op_types::Concat,
        &op_types::Div,
        &op_types::Erf,
        &op_types::Gather,
        &op_types::LayerNormalization,
        &op_types::MatMul,
        &op_types::MatMulInteger,
        &op_types::Max,
        &op_types::Mul,
        &op_types::QuantizeLinear,
        &op_types::ReduceL2,
        &op_types::ReduceMax,
        &op_types::ReduceMean,
        &op_types::Reshape,
        &op_types::Shape,
        &op_types::Slice,
        &op_types::Softmax,
        &op_types::Transpose,
    ])
}
