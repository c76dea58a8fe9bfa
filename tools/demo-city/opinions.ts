import type { AgencyGroup } from '#features/agencies/rules.ts'

export type Weights = readonly (readonly [string, number])[]

/** The weights of the procedures that people name, at the districts and at the departments. */
export const PROCEDURES: Readonly<Record<AgencyGroup, Weights>> = {
  districts: [
    ['2.000815', 8],
    ['1.001193', 2],
    ['1.004873', 2],
    ['1.001612', 1],
    ['1.009994', 1],
  ],
  departments: [
    ['doi-giay-phep-lai-xe', 8],
    ['ly-lich-tu-phap', 2],
    ['cong-ty-mot-thanh-vien', 1],
  ],
}
/** The answers to questions without a scale, from satisfied and dissatisfied people. */
export const RIGHT: Readonly<Record<string, { readonly content: Weights; readonly not: Weights }>> = {
  r2: {
    content: [
      ['early', 24],
      ['ontime', 62],
      ['late_told', 8],
      ['notdue', 6],
    ],
    not: [
      ['ontime', 26],
      ['late_told', 28],
      ['late_untold', 38],
      ['notdue', 8],
    ],
  },
  r3: {
    content: [
      ['0', 68],
      ['1', 26],
      ['2', 6],
    ],
    not: [
      ['0', 18],
      ['1', 32],
      ['2', 28],
      ['3plus', 22],
    ],
  },
  r6: {
    content: [
      ['right', 92],
      ['fixed', 8],
    ],
    not: [
      ['right', 46],
      ['fixed', 22],
      ['wrong', 16],
      ['none', 16],
    ],
  },
  e1: {
    content: [
      ['counter', 44],
      ['online', 44],
      ['post', 8],
      ['proxy', 4],
    ],
    not: [
      ['counter', 62],
      ['online', 26],
      ['post', 6],
      ['proxy', 6],
    ],
  },
  e4: {
    content: [
      ['0', 74],
      ['1', 20],
      ['2', 6],
    ],
    not: [
      ['0', 30],
      ['1', 34],
      ['2', 20],
      ['3plus', 16],
    ],
  },
  e5: {
    content: [
      ['no', 93],
      ['refuse', 6],
      ['yes', 1],
    ],
    not: [
      ['no', 72],
      ['refuse', 18],
      ['yes', 10],
    ],
  },
}
