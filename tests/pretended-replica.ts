import type pg from 'pg'

/**
 * Makes a read-only role to which the server looks like a replica. A schema that the role searches before
 * PostgreSQL's own has its own versions of the functions that describe a replica.
 */
export async function pretendReplica(superuser: pg.Client, role: string, password: string) {
  await superuser.query(`CREATE ROLE ${role} LOGIN PASSWORD '${password}';
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role};
    CREATE SCHEMA pretend;
    CREATE TABLE pretend.state AS SELECT true AS replica, 0::float AS behind;
    CREATE FUNCTION pretend.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT replica FROM pretend.state';
    CREATE FUNCTION pretend.pg_last_wal_receive_lsn() RETURNS pg_lsn LANGUAGE sql AS $$SELECT '0/2'::pg_lsn$$;
    CREATE FUNCTION pretend.pg_last_wal_replay_lsn() RETURNS pg_lsn LANGUAGE sql AS $$SELECT '0/1'::pg_lsn$$;
    CREATE FUNCTION pretend.pg_last_xact_replay_timestamp() RETURNS timestamptz LANGUAGE sql
      AS 'SELECT clock_timestamp() - behind * interval ''1 second'' FROM pretend.state';
    GRANT USAGE ON SCHEMA pretend TO ${role}; GRANT SELECT ON pretend.state TO ${role};
    ALTER ROLE ${role} SET search_path = pretend, pg_catalog, public`)
  return {
    /** Sets the server's pretended state; by default a replica without delay. */
    be: ({ replica = true, behind = 0 }: { replica?: boolean; behind?: number }) =>
      superuser.query('UPDATE pretend.state SET replica = $1, behind = $2', [replica, behind]),
    remove: () => superuser.query(`DROP SCHEMA pretend CASCADE; DROP OWNED BY ${role}; DROP ROLE ${role}`),
  }
}
