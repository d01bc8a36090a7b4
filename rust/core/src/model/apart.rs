//! Mechanisms that not every world has, each in a function of its own with the instructions of the machine.
//!
//! Melted into the month they would make it so large that what every world computes gets slower code.

/// Makes a function that nothing melts into, and whose work has the instructions of the machine all the same: what is
/// called without them cannot be melted into what has them.
macro_rules! apart {
    ($($name:ident($s:ident, $block:ident $(, $more:ident: $type:ty)*) -> $out:ty $work:block)*) => {$(
        /// The same in a function of its own.
        #[inline(never)]
        pub fn $name<S: pulp::Simd>(s: S, block: &mut crate::block::Block<'_>, $($more: $type),*) -> $out {
            struct Work<'w, 'a> {
                block: &'w mut crate::block::Block<'a>,
                $($more: $type,)*
            }
            impl pulp::WithSimd for Work<'_, '_> {
                type Output = $out;

                #[inline(always)]
                fn with_simd<S: pulp::Simd>(self, $s: S) -> $out {
                    let Self { block: $block, $($more),* } = self;
                    $work
                }
            }
            s.vectorize(Work { block, $($more),* })
        }
    )*};
}
pub(crate) use apart;
