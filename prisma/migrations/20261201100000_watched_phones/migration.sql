-- Carriers may watch a phone before it is blocked: a state of its case, and an action of an order.
ALTER TYPE "case_state" ADD VALUE IF NOT EXISTS 'watching' BEFORE 'blocking';
ALTER TYPE "order_action" ADD VALUE IF NOT EXISTS 'watch';

-- AlterTable
ALTER TABLE "cases" ADD COLUMN "watch_asked_at" TIMESTAMPTZ(3),
ADD COLUMN "watch_until" TIMESTAMPTZ(3);
