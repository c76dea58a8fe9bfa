-- CreateEnum
CREATE TYPE "alert_event" AS ENUM ('reported', 'verified', 'blocked', 'cleared');

-- CreateEnum
CREATE TYPE "alert_outcome" AS ENUM ('locked', 'no_customer', 'call_needed', 'refused', 'not_subscriber');

-- CreateTable
CREATE TABLE "alert_receivers" (
    "id" TEXT NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "head" BIGINT NOT NULL DEFAULT 0,
    "url" TEXT,
    "version" INTEGER NOT NULL DEFAULT 0,
    "pushed_seq" BIGINT NOT NULL DEFAULT 0,
    "state" "webhook_state" NOT NULL DEFAULT 'live',
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failing_since" TIMESTAMPTZ(3),
    "last_fault" TEXT,
    "next_try_at" TIMESTAMPTZ(3),
    "lease_id" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "last_success_at" TIMESTAMPTZ(3),

    CONSTRAINT "alert_receivers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "receiver_keys" (
    "id" UUID NOT NULL,
    "receiver_id" TEXT NOT NULL,
    "key_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "receiver_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "receiver_secrets" (
    "id" UUID NOT NULL,
    "receiver_id" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "receiver_secrets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_consents" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "receiver_id" TEXT NOT NULL,
    "sealed" BYTEA,
    "number_hash" BYTEA,
    "version" TEXT NOT NULL,
    "given_at" TIMESTAMPTZ(3) NOT NULL,
    "withdrawn_at" TIMESTAMPTZ(3),
    "looked_by_id" UUID,
    "looked_at" TIMESTAMPTZ(3),
    "not_subscriber_at" TIMESTAMPTZ(3),

    CONSTRAINT "alert_consents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bank_alerts" (
    "receiver_id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "id" UUID NOT NULL,
    "consent_id" UUID NOT NULL,
    "event" "alert_event" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "contact" BOOLEAN NOT NULL,
    "number" BOOLEAN NOT NULL,
    "ownership" BOOLEAN NOT NULL,
    "begins_on" DATE,
    "number_hash" BYTEA,
    "given_at" TIMESTAMPTZ(3),
    "outcome" "alert_outcome",
    "outcome_at" TIMESTAMPTZ(3),
    "recorded_at" TIMESTAMPTZ(3),

    CONSTRAINT "bank_alerts_pkey" PRIMARY KEY ("receiver_id","seq")
);

-- CreateIndex
CREATE UNIQUE INDEX "receiver_keys_key_hash_key" ON "receiver_keys"("key_hash");

-- CreateIndex
CREATE INDEX "receiver_keys_receiver_id_idx" ON "receiver_keys"("receiver_id");

-- CreateIndex
CREATE INDEX "receiver_secrets_receiver_id_idx" ON "receiver_secrets"("receiver_id");

-- CreateIndex
CREATE INDEX "alert_consents_case_id_given_at_idx" ON "alert_consents"("case_id", "given_at");

-- CreateIndex
CREATE INDEX "alert_consents_live" ON "alert_consents"("given_at", "id") WHERE ((withdrawn_at IS NULL) AND (not_subscriber_at IS NULL) AND (sealed IS NOT NULL));

-- CreateIndex
CREATE INDEX "alert_consents_receiver_id_idx" ON "alert_consents"("receiver_id");

-- CreateIndex
CREATE INDEX "alert_consents_looked_by_id_idx" ON "alert_consents"("looked_by_id");

-- CreateIndex
CREATE UNIQUE INDEX "one_live_alert_consent" ON "alert_consents"("case_id", "receiver_id") WHERE (withdrawn_at IS NULL);

-- CreateIndex
CREATE UNIQUE INDEX "bank_alerts_id_key" ON "bank_alerts"("id");

-- CreateIndex
CREATE INDEX "bank_alerts_consent_id_seq_idx" ON "bank_alerts"("consent_id", "seq");

-- CreateIndex
CREATE INDEX "bank_alerts_receiver_id_at_idx" ON "bank_alerts"("receiver_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "one_alert_a_number_and_day" ON "bank_alerts"("receiver_id", "number_hash", "begins_on");

-- AddForeignKey
ALTER TABLE "receiver_keys" ADD CONSTRAINT "receiver_keys_receiver_id_fkey" FOREIGN KEY ("receiver_id") REFERENCES "alert_receivers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "receiver_secrets" ADD CONSTRAINT "receiver_secrets_receiver_id_fkey" FOREIGN KEY ("receiver_id") REFERENCES "alert_receivers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert_consents" ADD CONSTRAINT "alert_consents_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert_consents" ADD CONSTRAINT "alert_consents_receiver_id_fkey" FOREIGN KEY ("receiver_id") REFERENCES "alert_receivers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert_consents" ADD CONSTRAINT "alert_consents_looked_by_id_fkey" FOREIGN KEY ("looked_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bank_alerts" ADD CONSTRAINT "bank_alerts_receiver_id_fkey" FOREIGN KEY ("receiver_id") REFERENCES "alert_receivers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bank_alerts" ADD CONSTRAINT "bank_alerts_consent_id_fkey" FOREIGN KEY ("consent_id") REFERENCES "alert_consents"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the schema cannot say.
ALTER TABLE "alert_receivers"
  ADD CONSTRAINT "receivers_pushed_within_their_alerts" CHECK (pushed_seq BETWEEN 0 AND head),
  ADD CONSTRAINT "receivers_failing_since_a_time" CHECK ((failures = 0) = (failing_since IS NULL)),
  ADD CONSTRAINT "receivers_lease_is_whole" CHECK (num_nulls(lease_id, lease_until) IN (0, 2));
ALTER TABLE "alert_consents"
  ADD CONSTRAINT "a_look_has_its_time" CHECK (num_nulls(looked_by_id, looked_at) IN (0, 2)),
  ADD CONSTRAINT "a_number_has_its_hash" CHECK (num_nulls(sealed, number_hash) IN (0, 2));
ALTER TABLE "bank_alerts"
  ADD CONSTRAINT "alerts_from_one" CHECK (seq > 0),
  ADD CONSTRAINT "an_answer_has_its_times" CHECK (num_nulls(outcome, outcome_at, recorded_at) IN (0, 3));

-- What was agreed to, and under which number, is a case's; the alerts themselves name no person and no phone (ADR 21).
ALTER TABLE "alert_consents" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "alert_consents" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM cases c
      WHERE (c.id = alert_consents.case_id)))
END);
ALTER TABLE "bank_alerts" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "bank_alerts" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ( SELECT true
       FROM alert_consents c
      WHERE (c.id = bank_alerts.consent_id))
END);
