/** Returns a share as programs read it: 0 to 1, in ten-thousandths. */
export const toTenThousandths = (share: number): number => Math.round(share * 10_000) / 10_000
