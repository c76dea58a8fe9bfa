-- Totals and shares did not keep the bounds that were stated of them: they were sums of rounded columns. Every published month is
-- taken back, once, and the worker publishes it again from the cases, each count in a column of its own (docs/adr/0017).
DELETE FROM facts_months;

-- AlterTable
ALTER TABLE "facts_months" ADD COLUMN     "counted" INTEGER NOT NULL;
