// An invented school as a OneRoster 1.1 bundle. Identifiers begin with the school's code, so that no two
// schools of one database share any.
import { zip } from './zip';

export interface Pupil {
  id: string;
  name: string;
}
export interface Class {
  name: string;
  grade: string;
  pupils: Pupil[];
}
export interface Teacher {
  id: string;
  given: string;
  family: string;
  /** The class they teach. */
  class: string;
}
export interface Roster {
  code: string;
  classes: Class[];
  teachers: Teacher[];
}

const GIVEN = ['Alma', 'Bilal', 'Clara', 'Ditte', 'Emil', 'Freja', 'Gustav', 'Hassan', 'Ida', 'Johan', 'Karla', 'Liva'];
const FAMILY = ['Brinkmann', 'Storgaard', 'Toft', 'Rask'];

/** Four classes of twelve pupils and three teachers. All names are different. */
export function roster(code: string): Roster {
  const classes = [['4.A', '04'], ['4.B', '04'], ['6.A', '06'], ['6.B', '06']].map(([name, grade], at) => ({
    name,
    grade,
    pupils: GIVEN.map((given) => ({ id: `${code}-${given}-${name}`, name: `${given} ${FAMILY[at]}` })),
  }));
  const teachers = [['Mette', 'Lindegaard', '4.A'], ['Bo', 'Ravnsborg', '6.A'], ['Asta', 'Bloch', '6.B']];
  return {
    code,
    classes,
    teachers: teachers.map(([given, family, of]) => ({ id: `${code}-${given}`, given, family, class: of })),
  };
}

/** The bundle of a school, as its student information system would send it. */
export function bundle({ code, classes, teachers }: Roster): Buffer {
  const id = (what: string) => `${code}-${what}`;
  const row = (...cells: string[]) => cells.map((cell) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');
  const start = schoolYear();
  const [first, last] = [`${start}-08-10`, `${start + 1}-06-25`];
  const user = (person: string, role: string, given: string, family: string, grade: string) =>
    row(person, '', '', 'true', id('school'), role, person, given, family, grade);
  const place = (of: string, person: string, role: string) =>
    row(`${person}-in-${of}`, '', '', id(of), id('school'), person, role, first, last);
  const files: Record<string, string[]> = {
    'orgs.csv': ['sourcedId,status,dateLastModified,name,type,identifier', row(id('school'), '', '', 'Prøveby Skole', 'school', code)],
    'academicSessions.csv': [
      'sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear',
      row(id('year'), '', '', 'Skoleåret', 'schoolYear', first, last, '', String(start + 1)),
      row(id('term'), '', '', 'Hele året', 'term', first, last, id('year'), String(start + 1)),
    ],
    'courses.csv': ['sourcedId,status,dateLastModified,title,subjects', row(id('course'), '', '', 'Klassens tid', '')],
    'classes.csv': [
      'sourcedId,status,dateLastModified,title,grades,courseSourcedId,classType,schoolSourcedId,termSourcedIds',
      ...classes.map(({ name, grade }) => row(id(name), '', '', name, grade, id('course'), 'homeroom', id('school'), id('term'))),
    ],
    'users.csv': [
      'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,givenName,familyName,grades',
      ...classes.flatMap(({ grade, pupils }) => pupils.map(({ id, name }) => user(id, 'student', ...split(name), grade))),
      ...teachers.map((teacher) => user(teacher.id, 'teacher', teacher.given, teacher.family, '')),
    ],
    'enrollments.csv': [
      'sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,beginDate,endDate',
      ...classes.flatMap(({ name, pupils }) => pupils.map((pupil) => place(name, pupil.id, 'student'))),
      ...teachers.map((teacher) => place(teacher.class, teacher.id, 'teacher')),
    ],
  };
  const listed = Object.keys(files).map((file) => `file.${file.replace('.csv', '')},bulk`);
  const manifest = ['propertyName,value', 'manifest.version,1.0', 'oneroster.version,1.1', ...listed];
  const text = (lines: string[]) => `${lines.join('\n')}\n`;
  return zip({ 'manifest.csv': text(manifest), ...Object.fromEntries(Object.entries(files).map(([file, lines]) => [file, text(lines)])) });
}

function split(name: string): [string, string] {
  const at = name.lastIndexOf(' ');
  return [name.slice(0, at), name.slice(at + 1)];
}

/** First calendar year of the present school year: it begins on 1 August. */
export function schoolYear(): number {
  const [year, month] = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Copenhagen' }).format().split('-').map(Number);
  return month >= 8 ? year : year - 1;
}
