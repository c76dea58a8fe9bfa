import type { Bank } from '#features/lookup-tables/rules/bank.ts'
import { BankLines, FEW_BANKS } from './bank-lines.tsx'
import { SimLines } from './sim-lines.tsx'

/** Renders, within a fold, whom to call to lock a SIM, an account or a wallet. */
export function CallLines({ banks }: { readonly banks: readonly Bank[] }) {
  return (
    <div className="stack-l">
      <SimLines look="rows" />
      <BankLines look="rows" banks={banks.slice(0, FEW_BANKS)} />
    </div>
  )
}
