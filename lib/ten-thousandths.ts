/** Rounds a share from 0 to 1 to ten-thousandths, for programs. */
export const toTenThousandths = (share: number): number => Math.round(share * 10_000) / 10_000
