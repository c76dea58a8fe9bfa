-- AlterTable
ALTER TABLE "survey_receipts" ADD COLUMN     "leaf" BYTEA;

-- CreateTable
CREATE TABLE "survey_receipt_roots" (
    "month" DATE NOT NULL,
    "root" BYTEA NOT NULL,
    "receipts" INTEGER NOT NULL,
    "all_receipts" INTEGER NOT NULL,
    "counted" INTEGER NOT NULL,
    "waiting" INTEGER NOT NULL,
    "excluded" INTEGER NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "survey_receipt_roots_pkey" PRIMARY KEY ("month")
);
