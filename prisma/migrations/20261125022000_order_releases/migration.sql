-- CreateEnum
CREATE TYPE "release_mode" AS ENUM ('automatic', 'by_hand', 'at_times');

-- CreateEnum
CREATE TYPE "release_cause" AS ENUM ('guard', 'choice');

-- CreateEnum
CREATE TYPE "release_state" AS ENUM ('waiting', 'asked', 'sending', 'withholding', 'sent', 'withheld');

-- AlterEnum
ALTER TYPE "order_state" ADD VALUE 'cancelled';

-- AlterTable
ALTER TABLE "carrier_orders" ADD COLUMN     "queued_at" TIMESTAMPTZ(3),
ADD COLUMN     "release_id" UUID;

-- AlterTable
ALTER TABLE "carriers" ADD COLUMN     "listed" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "release_mode" "release_mode" NOT NULL DEFAULT 'automatic',
ADD COLUMN     "release_times" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateTable
CREATE TABLE "queued_orders" (
    "order_id" UUID NOT NULL,
    "imeis" CHAR(15)[],
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "queued_orders_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "order_releases" (
    "id" UUID NOT NULL,
    "cause" "release_cause" NOT NULL,
    "carrier_id" TEXT,
    "slot" TEXT,
    "state" "release_state" NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "wish" "release_state",
    "reason" TEXT,
    "asked_by_id" UUID,
    "asked_at" TIMESTAMPTZ(3),
    "decided_by_id" UUID,
    "decided_at" TIMESTAMPTZ(3),
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "order_releases_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "order_releases_slot_key" ON "order_releases"("slot");

-- CreateIndex
CREATE INDEX "order_releases_opened_at_id_idx" ON "order_releases"("opened_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "releases_open" ON "order_releases"("opened_at", "id") WHERE (state <> ALL (ARRAY['sent'::release_state, 'withheld'::release_state]));

-- CreateIndex
CREATE INDEX "carrier_orders_release_id_carrier_id_queued_at_id_idx" ON "carrier_orders"("release_id", "carrier_id", "queued_at", "id");

-- AddForeignKey
ALTER TABLE "carrier_orders" ADD CONSTRAINT "carrier_orders_release_id_fkey" FOREIGN KEY ("release_id") REFERENCES "order_releases"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "queued_orders" ADD CONSTRAINT "queued_orders_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "carrier_orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_releases" ADD CONSTRAINT "order_releases_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Nobody releases or withholds what the guard stopped alone, whatever the application does.
ALTER TABLE "order_releases"
  ADD CONSTRAINT "guard_decided_by_two" CHECK (
    "cause" <> 'guard' OR "state" IN ('waiting', 'asked')
    OR ("asked_by_id" IS NOT NULL AND "decided_by_id" IS NOT NULL AND "asked_by_id" <> "decided_by_id" AND "reason" IS NOT NULL)
  ),
  ADD CONSTRAINT "wish_is_an_end" CHECK ("wish" IN ('sending', 'withholding')),
  ADD CONSTRAINT "batch_has_a_carrier" CHECK (("cause" = 'choice') = ("carrier_id" IS NOT NULL));

-- How many phones each list has now: whatever a book's last word on an IMEI is a block of.
UPDATE "carriers" c SET "listed" = (
  SELECT count(*) FROM (
    SELECT DISTINCT ON (imei) action FROM book_entries WHERE carrier_id = c.id AND imei NOT LIKE '00%' ORDER BY imei, seq DESC
  ) last WHERE action = 'block'
);
