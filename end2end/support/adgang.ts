// The command line, beside the running server and on the same database: every spec makes a school of its
// own with it, so that specs never meet.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { binary, data, database, secrets } from './place';
import { bundle, roster, type Roster } from './roster';

const run = promisify(execFile);

/** Where a command works. */
export interface Target {
  database: string;
  secrets: string;
}
export const shared: Target = { database, secrets };

/** Runs a command and returns what it printed as JSON. A refusal is thrown with its sentence. */
export async function adgang<T = unknown>(args: string[], target: Target = shared): Promise<T> {
  const where = ['--database', target.database, '--secrets', target.secrets, '--json'];
  const { stdout } = await run(binary, [...args, ...where], { maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout || 'null');
}

export type Role = 'principal' | 'test-administrator' | 'leader' | 'teacher';

/** A local account, as its printed letter shows it. */
export interface Account {
  name: string;
  username: string;
  /** The issued password, then the person's own. */
  password: string;
  matrix: Record<string, string> | null;
}

/** A school of a spec's own. */
export interface School extends Roster {
  /** The code of its authority. */
  authority: string;
  target: Target;
  /** Where its bundle lies. */
  file: string;
}

let made = 0;

/** Makes an authority and an institution, and writes the institution's bundle, without importing it. */
export async function emptySchool(target: Target = shared): Promise<School> {
  const number = Number(process.env.TEST_WORKER_INDEX ?? 0) * 100 + made++;
  const [authority, code] = [String(5000 + number), String(970_000 + number)];
  await adgang(['admin', 'authority', 'create', '--code', authority, '--name', `Prøveby Kommune ${number}`, '--country', 'dk'], target);
  await adgang(['admin', 'institution', 'create', '--authority', authority, '--code', code, '--name', `Prøveby Skole ${number}`], target);
  const file = join(data, `${code}.zip`);
  const school = roster(code);
  writeFileSync(file, bundle(school));
  return { ...school, authority, target, file };
}

/** A school with its people and classes in place. */
export async function school(target: Target = shared): Promise<School> {
  const made = await emptySchool(target);
  await adgang(['import', made.file, '--institution', made.code], target);
  return made;
}

/** An account for a new person. */
export async function account({ code, target }: School, role: Role, name: string): Promise<Account> {
  const [given, family] = name.split(' ');
  const args = ['admin', 'account', 'create', '--institution', code, '--role', role, '--given', given, '--family', family];
  return { name, ...(await adgang<Omit<Account, 'name'>>(args, target)) };
}

/** An account of the school's authority, for a new person. */
export async function authorityAccount({ authority, target }: School, name: string): Promise<Account> {
  const [given, family] = name.split(' ');
  const args = ['admin', 'account', 'create', '--authority', authority, '--role', 'authority', '--given', given, '--family', family];
  return { name, ...(await adgang<Omit<Account, 'name'>>(args, target)) };
}

/** A teacher's account for somebody whom the import brought. */
export async function teacherAccount({ code, target, teachers }: School, family: string, ...more: string[]): Promise<Account> {
  const teacher = teachers.find((teacher) => teacher.family === family);
  if (!teacher) throw new Error(`no teacher ${family}`);
  const args = ['admin', 'account', 'create', '--institution', code, '--role', 'teacher', '--person', teacher.id, ...more];
  return { name: `${teacher.given} ${family}`, ...(await adgang<Omit<Account, 'name'>>(args, target)) };
}

/** Applies edits as `draft apply` does. */
export async function apply({ code, target }: School, as: Account, edits: object[], reason = ''): Promise<void> {
  const file = join(data, `draft-${code}-${made++}.json`);
  writeFileSync(file, JSON.stringify({ reason, edits }));
  await adgang(['draft', 'apply', file, '--institution', code, '--as', as.username], target);
}
