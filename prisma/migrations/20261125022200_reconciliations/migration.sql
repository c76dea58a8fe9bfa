-- CreateEnum
CREATE TYPE "reconciliation_state" AS ENUM ('receiving', 'comparing', 'done', 'failed');

-- CreateEnum
CREATE TYPE "difference_kind" AS ENUM ('missing', 'extra', 'foreign');

-- AlterTable
ALTER TABLE "carrier_orders" ADD COLUMN     "repair_of_id" UUID;

-- CreateTable
CREATE TABLE "reconciliations" (
    "id" UUID NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "slot" TEXT,
    "state" "reconciliation_state" NOT NULL,
    "at_seq" BIGINT NOT NULL,
    "uploaded_by_id" UUID,
    "uploaded_at" TIMESTAMPTZ(3) NOT NULL,
    "phones" INTEGER NOT NULL DEFAULT 0,
    "invalid" INTEGER NOT NULL DEFAULT 0,
    "matched" INTEGER NOT NULL DEFAULT 0,
    "pending" INTEGER NOT NULL DEFAULT 0,
    "missing" INTEGER NOT NULL DEFAULT 0,
    "extra" INTEGER NOT NULL DEFAULT 0,
    "foreign" INTEGER NOT NULL DEFAULT 0,
    "compared_to" TEXT NOT NULL DEFAULT '',
    "repair_missing_by_id" UUID,
    "repair_extra_by_id" UUID,

    CONSTRAINT "reconciliations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "listed_keys" (
    "reconciliation_id" UUID NOT NULL,
    "key14" CHAR(14) NOT NULL,

    CONSTRAINT "listed_keys_pkey" PRIMARY KEY ("reconciliation_id","key14")
);

-- CreateTable
CREATE TABLE "differences" (
    "reconciliation_id" UUID NOT NULL,
    "kind" "difference_kind" NOT NULL,
    "key14" CHAR(14) NOT NULL,
    "order_id" UUID,
    "repair_id" UUID,
    "overtaken" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "differences_pkey" PRIMARY KEY ("reconciliation_id","kind","key14")
);

-- CreateIndex
CREATE UNIQUE INDEX "reconciliations_slot_key" ON "reconciliations"("slot");

-- CreateIndex
CREATE INDEX "reconciliations_carrier_id_uploaded_at_id_idx" ON "reconciliations"("carrier_id", "uploaded_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "reconciliations_uploaded_at_idx" ON "reconciliations"("uploaded_at");

-- CreateIndex
CREATE INDEX "orders_of_repairs" ON "carrier_orders"("repair_of_id") WHERE (repair_of_id IS NOT NULL);

-- AddForeignKey
ALTER TABLE "reconciliations" ADD CONSTRAINT "reconciliations_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "differences" ADD CONSTRAINT "differences_reconciliation_id_fkey" FOREIGN KEY ("reconciliation_id") REFERENCES "reconciliations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What is listed here comes once and goes once it is compared: after a crash of the database the carrier sends it again.
ALTER TABLE "listed_keys" SET UNLOGGED;

ALTER TABLE "differences"
  ADD CONSTRAINT "nothing_foreign_is_ordered" CHECK ("kind" <> 'foreign' OR ("order_id" IS NULL AND "repair_id" IS NULL)),
  ADD CONSTRAINT "phone_of_fourteen_digits" CHECK ("key14" ~ '^[0-9]{14}$');
