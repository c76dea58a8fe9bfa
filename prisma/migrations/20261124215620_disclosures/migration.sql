-- CreateEnum
CREATE TYPE "disclosure_reason" AS ENUM ('ownership', 'contact', 'appeal', 'carrier', 'other');

-- CreateTable
CREATE TABLE "disclosures" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "role" "staff_role" NOT NULL,
    "area_id" TEXT,
    "reason" "disclosure_reason" NOT NULL,
    "note" BYTEA,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "disclosures_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lookups" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "lookups_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lookup_alerts" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "raised_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "count" INTEGER NOT NULL,
    "seen_at" TIMESTAMPTZ(3),
    "seen_by_id" UUID,
    "seen_note" TEXT,

    CONSTRAINT "lookup_alerts_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "disclosures_session_id_case_id_until_idx" ON "disclosures"("session_id", "case_id", "until");

-- CreateIndex
CREATE INDEX "disclosures_case_id_opened_at_idx" ON "disclosures"("case_id", "opened_at" DESC);

-- CreateIndex
CREATE INDEX "lookups_account_id_at_idx" ON "lookups"("account_id", "at");

-- CreateIndex
CREATE INDEX "lookups_at_idx" ON "lookups"("at");

-- CreateIndex
CREATE INDEX "lookup_alerts_account_id_raised_at_idx" ON "lookup_alerts"("account_id", "raised_at");

-- CreateIndex
CREATE INDEX "lookup_alerts_raised_at_id_idx" ON "lookup_alerts"("raised_at" DESC, "id" DESC);

-- AddForeignKey
ALTER TABLE "disclosures" ADD CONSTRAINT "disclosures_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;
