-- CreateEnum
CREATE TYPE "account_request_kind" AS ENUM ('invite', 'reset', 'change', 'email');

-- CreateEnum
CREATE TYPE "account_request_outcome" AS ENUM ('confirmed', 'refused', 'withdrawn', 'expired');

-- AlterTable
ALTER TABLE "lookup_alerts" ADD COLUMN     "act" TEXT,
ADD COLUMN     "subject_id" UUID;

-- AlterTable
ALTER TABLE "staff_accounts" ADD COLUMN     "decides_from" TIMESTAMPTZ(3) NOT NULL DEFAULT (now() + '24:00:00'::interval);

-- CreateTable
CREATE TABLE "account_requests" (
    "id" UUID NOT NULL,
    "kind" "account_request_kind" NOT NULL,
    "account_id" UUID,
    "email" TEXT,
    "name" TEXT,
    "role" "staff_role" NOT NULL,
    "area_id" TEXT,
    "agency_id" TEXT,
    "carrier_id" TEXT,
    "requested_by_id" UUID NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "outcome" "account_request_outcome",
    "judged_by_id" UUID,
    "judged_at" TIMESTAMPTZ(3),

    CONSTRAINT "account_requests_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "account_requests_account_id_idx" ON "account_requests"("account_id");

-- CreateIndex
CREATE INDEX "account_requests_requested_by_id_idx" ON "account_requests"("requested_by_id");

-- CreateIndex
CREATE INDEX "account_requests_judged_by_id_idx" ON "account_requests"("judged_by_id");

-- CreateIndex
CREATE INDEX "account_requests_outcome_expires_at_idx" ON "account_requests"("outcome", "expires_at");

-- AddForeignKey
ALTER TABLE "account_requests" ADD CONSTRAINT "account_requests_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account_requests" ADD CONSTRAINT "account_requests_requested_by_id_fkey" FOREIGN KEY ("requested_by_id") REFERENCES "staff_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account_requests" ADD CONSTRAINT "account_requests_judged_by_id_fkey" FOREIGN KEY ("judged_by_id") REFERENCES "staff_accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- One open request an account, and one an address.
CREATE UNIQUE INDEX "account_requests_one_open_account" ON "account_requests" ("account_id") WHERE "outcome" IS NULL;
CREATE UNIQUE INDEX "account_requests_one_open_email" ON "account_requests" ("email") WHERE "outcome" IS NULL;

ALTER TABLE "account_requests"
  -- Two people: nobody judges what they asked for themselves, and nobody asks or judges about their own account.
  ADD CONSTRAINT "account_requests_second_person" CHECK (
    "judged_by_id" IS NULL OR ("judged_by_id" = "requested_by_id") = ("outcome" = 'withdrawn')
  ),
  ADD CONSTRAINT "account_requests_not_own" CHECK (
    ("requested_by_id" = "account_id") IS NOT TRUE AND ("judged_by_id" = "account_id") IS NOT TRUE
  ),
  ADD CONSTRAINT "account_requests_judged" CHECK (
    ("outcome" IS NULL) = ("judged_at" IS NULL)
    AND ("judged_by_id" IS NULL) = ("outcome" IS NULL OR "outcome" = 'expired')
  ),
  ADD CONSTRAINT "account_requests_of_an_account" CHECK (
    "account_id" IS NOT NULL OR ("kind" = 'invite' AND "outcome" IS DISTINCT FROM 'confirmed')
  ),
  -- The name and the address of a person are kept only as long as the request is open.
  ADD CONSTRAINT "account_requests_person" CHECK (
    CASE
      WHEN "outcome" IS NOT NULL THEN "email" IS NULL AND "name" IS NULL
      WHEN "kind" = 'invite' THEN "email" IS NOT NULL AND "name" IS NOT NULL
      WHEN "kind" = 'email' THEN "email" IS NOT NULL AND "name" IS NULL
      ELSE "email" IS NULL AND "name" IS NULL
    END
  );

-- Accounts that were there before decide as they did.
UPDATE "staff_accounts" SET "decides_from" = 'epoch';
-- Links that were shown on a screen open nothing any more.
DELETE FROM "invitations" WHERE "used_at" IS NULL;

-- Whatever a member of staff does is written to the audit log in its transaction. So this is the one place that no
-- decision of an account in its waiting period can go round. domain/access/waiting.ts has the same list of acts.
CREATE FUNCTION refuse_while_waiting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.actor_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' AND EXISTS (
    SELECT FROM staff_accounts WHERE id = NEW.actor_id::uuid AND decides_from > NEW.at
  ) THEN
    RAISE EXCEPTION 'account_waits: this account decides nothing yet' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER audit_entries_refuse_while_waiting BEFORE INSERT ON audit_entries FOR EACH ROW
WHEN (
  NEW.actor_kind = 'staff'
  AND NOT (NEW.subject_kind IN ('account', 'session') AND NEW.subject_id = NEW.actor_id)
  AND NEW.act NOT IN (
    'case.open', 'case.search', 'case.disclose', 'objection.open', 'objection.disclose', 'evidence.open_original',
    'check.list', 'case.import', 'alert.acknowledge', 'audit.take_proof', 'audit.take_story'
  )
)
EXECUTE FUNCTION refuse_while_waiting();
