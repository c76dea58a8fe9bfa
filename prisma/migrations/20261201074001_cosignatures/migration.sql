-- What witnesses have signed of the log's heads.
CREATE TABLE "audit_cosignatures" (
    "size" BIGINT NOT NULL,
    "witness" TEXT NOT NULL,
    "line" TEXT NOT NULL,
    "signed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_cosignatures_pkey" PRIMARY KEY ("size","witness")
);
