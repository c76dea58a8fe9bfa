-- Citizens may sign in (ADR 31), and keep their cases in a list. A further scope: 'identity:<id>', the cases in that list.

-- CreateEnum
CREATE TYPE "listed_how" AS ENUM ('filed', 'added');

-- AlterTable
ALTER TABLE "case_sessions" ADD COLUMN     "identity_id" UUID;

-- CreateTable
CREATE TABLE "identities" (
    "id" UUID NOT NULL,
    "issuer" TEXT NOT NULL,
    "subject_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "identities_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity_sessions" (
    "token_hash" BYTEA NOT NULL,
    "identity_id" UUID NOT NULL,
    "attempt_hash" BYTEA NOT NULL,
    "known" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "identity_sessions_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "identity_cases" (
    "case_id" UUID NOT NULL,
    "identity_id" UUID NOT NULL,
    "how" "listed_how" NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "identity_cases_pkey" PRIMARY KEY ("case_id")
);

-- CreateIndex
CREATE INDEX "identities_seen_at_idx" ON "identities"("seen_at");

-- CreateIndex
CREATE UNIQUE INDEX "identities_issuer_subject_hash_key" ON "identities"("issuer", "subject_hash");

-- CreateIndex
CREATE UNIQUE INDEX "identity_sessions_attempt_hash_key" ON "identity_sessions"("attempt_hash");

-- CreateIndex
CREATE INDEX "identity_sessions_identity_id_idx" ON "identity_sessions"("identity_id");

-- CreateIndex
CREATE INDEX "identity_sessions_expires_at_idx" ON "identity_sessions"("expires_at");

-- CreateIndex
CREATE INDEX "identity_cases_identity_id_added_at_case_id_idx" ON "identity_cases"("identity_id", "added_at" DESC, "case_id" DESC);

-- CreateIndex
CREATE INDEX "case_sessions_identity_id_idx" ON "case_sessions"("identity_id");

-- AddForeignKey
ALTER TABLE "case_sessions" ADD CONSTRAINT "case_sessions_identity_id_fkey" FOREIGN KEY ("identity_id") REFERENCES "identities"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity_sessions" ADD CONSTRAINT "identity_sessions_identity_id_fkey" FOREIGN KEY ("identity_id") REFERENCES "identities"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity_cases" ADD CONSTRAINT "identity_cases_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity_cases" ADD CONSTRAINT "identity_cases_identity_id_fkey" FOREIGN KEY ("identity_id") REFERENCES "identities"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the scope of somebody's list is; null is none.
CREATE FUNCTION scope_identity() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN substring(current_setting('antam.scope', true) FROM '^identity:(.+)$')::uuid;

-- Whose list a case stands in is no police's business. A case comes into a list only where its secret was shown, which is
-- its own scope, or where it is sent; it leaves by its own scope or by the list's.
ALTER TABLE identity_cases ENABLE ROW LEVEL SECURITY;
CREATE POLICY declared_scope ON identity_cases USING (
  CASE WHEN (SELECT current_setting('antam.scope', true) = 'system') THEN true
    ELSE case_id = (SELECT scope_case()) OR identity_id = (SELECT scope_identity()) END
) WITH CHECK (
  CASE WHEN (SELECT current_setting('antam.scope', true) = 'system') THEN true
    ELSE case_id = (SELECT scope_case()) END
);

-- As it was, and the cases of a list, which are gathered once a statement.
ALTER POLICY declared_scope ON cases USING (
  CASE WHEN (SELECT scope_is_wide()) THEN true
    ELSE id = (SELECT scope_case()) OR area_id = (SELECT scope_area())
      OR id = ANY ((SELECT array_agg(l.case_id) FROM identity_cases l WHERE l.identity_id = (SELECT scope_identity()))::uuid[]) END
) WITH CHECK (
  CASE WHEN (SELECT scope_is_wide()) THEN true
    ELSE id = (SELECT scope_case()) OR area_id = (SELECT scope_area()) END
);
