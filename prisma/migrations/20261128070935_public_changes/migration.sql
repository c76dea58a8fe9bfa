-- CreateTable
CREATE TABLE "public_changes" (
    "connection" INTEGER NOT NULL,
    "changes" BIGINT NOT NULL,

    CONSTRAINT "public_changes_pkey" PRIMARY KEY ("connection")
);
