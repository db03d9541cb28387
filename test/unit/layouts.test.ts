import { describe, expect, it } from 'vitest'
import { arrange, type LayoutOptions } from '../../src/lib/data/layouts/arrange'
import { isImageName } from '../../src/lib/data/layouts/file-kinds'

/** Understands made-up files; `tables` holds the content of tables among them. */
function understand(files: readonly string[], options: LayoutOptions = {}, tables: Record<string, string> = {}) {
  const all = [...files, ...Object.keys(tables)].sort()
  const folders = [...new Set(all.flatMap(file => {
    const steps = file.split('/').slice(0, -1)
    return steps.map((_, i) => steps.slice(0, i + 1).join('/'))
  }))].sort()
  return arrange('set', { files: all, images: all.filter(isImageName), folders, brokenLinks: [] }, async name => Buffer.from(tables[name]), options)
}

const images = (folders: readonly string[], count = 3) =>
  folders.flatMap(folder => Array.from({ length: count }, (_, i) => `${folder}/${i}.png`))
const lines = ({ labels, items }: Awaited<ReturnType<typeof understand>>) =>
  items.map(({ name, label, group, part }) => [name, labels[label], group, part ?? ''].join(' | '))

describe('a layout is recognized', () => {
  it.each([
    ['train', 'val', 'test'], ['Train', 'valid', 'Test'], ['TRAIN', 'VAL', 'TEST'], ['training', 'Validation', 'testing'],
    ['train', 'dev', 'test'], ['train_set', 'val_set', 'test_set'], ['Training Data', 'validation-data', 'testset'],
  ])('parts around classes, by any of their words: %s, %s, %s', async (train, val, test) => {
    const set = await understand(images([train, val, test].flatMap(part => ['a', 'b', 'c'].map(label => `${part}/${label}`)), 1))
    expect(set.layout).toBe('part/class/image')
    expect(set.labels).toEqual(['a', 'b', 'c'])
    for (const [part, role] of [[train, 'train'], [val, 'validation'], [test, 'test']])
      expect(lines(set)).toContain(`${part}/c/0.png | c |  | ${role}`)
  })

  it('one part alone splits nothing, and this is said', async () => {
    const set = await understand(images(['Training/a', 'Training/b']))
    expect(set.items.every(item => item.part === undefined)).toBe(true)
    expect(set.notes).toEqual(['All images are named as train: the set has no given parts.'])
    const table = { 'groups.csv': `name,split\n${images(['a', 'b'], 1).map(name => `${name},test`).join('\n')}` }
    expect((await understand(images(['a', 'b'], 1), {}, table)).notes[0]).toContain('All images are named as test')
  })

  it('classes whose letters are composed in one part and decomposed in another are one', async () => {
    const [composed, decomposed] = ['NFC', 'NFD'].map(form => 'pneumonía'.normalize(form))
    const set = await understand(images([`train/${composed}`, 'train/x', `test/${decomposed}`, 'test/x'], 1), { positive: decomposed })
    expect(set.labels).toEqual([composed, 'x'])
    expect(set.positive).toBe(composed)
    const table = { 't.csv': `file,label,group\n1.png,${composed},Zoé\n2.png,${decomposed},${'Zoé'.normalize('NFD')}\n3.png,x,\n` }
    const flat = await understand(['1.png', '2.png', '3.png'], {}, table)
    expect(flat.items.map(item => [item.label, item.group])).toEqual([[0, 'Zoé'], [0, 'Zoé'], [1, null]])
  })

  it('parts inside classes, and patients inside parts', async () => {
    const set = await understand(images(['a/train/P1', 'a/test/P2', 'b/train/P3', 'b/test/P4', 'b/test/P5'], 2))
    expect(set.layout).toBe('class/part/patient/image')
    expect(lines(set)[0]).toBe('a/test/P2/0.png | a | P2 | test')
    expect(set.grouping).toBe('patient')
  })

  it('patients inside classes, with studies and series inside patients', async () => {
    const set = await understand(['a/P1/s1/x.png', 'a/P2/y.png', 'b/P3/s1/r2/x.png'])
    expect(set.layout).toBe('class/patient/**/image')
    expect(set.items.map(item => item.group)).toEqual(['P1', 'P2', 'P3'])
  })

  it('one patient in two classes counts once, and this is said', async () => {
    const set = await understand(images(['a/P1', 'a/P2', 'b/P1', 'b/P3']))
    expect(set.notes.join()).toContain('1 patient in more than one class (first P1)')
  })

  it('a folder named test among classes is a class where nothing says otherwise', async () =>
    expect((await understand(images(['control', 'test']))).labels).toEqual(['control', 'test']))
})

describe('a layout that could mean several things is refused with what there is', () => {
  it.each([
    ['images and masks are no patients', images(['COVID/images', 'COVID/masks', 'Normal/images', 'Normal/masks']), '--layout class/images/image'],
    ['a subfolder of some images', [...images(['COVID', 'normal'], 2), ...images(['COVID/more'], 5)], 'COVID: 2 images, and 5 in 1 subfolder (more); normal: 2 images'],
    ['one subfolder a class', images(['a/x', 'b/y']), 'several in each class'],
    ['parts beside classes', images(['train/a', 'train/b', 'extra/a']), 'Move extra out of the folder'],
    ['parts without classes', [...images(['train/a', 'test/b']), 'test/loose.png'], 'the classes in each of its parts'],
    ['folders of parts under other names', images(['first/a', 'first/b', 'first/c', 'second/a', 'second/b', 'second/c']), '--layout */class/image'],
    ['parts in some classes only', images(['a/train', 'a/test', 'b/one']), 'the same subfolders in each class'],
    ['one class', images(['whole/NORMAL', 'whole/PNEUMONIA']), 'only whole, with the subfolders NORMAL, PNEUMONIA'],
    ['patients in place of classes', images(Array.from({ length: 101 }, (_, i) => `P${i}`), 1), 'at most 100 classes'],
    ['an empty class', [...images(['a', 'b']), 'c/one.dcx', 'c/two.dcx'], 'no images, but 2 .dcx'],
    ['a class missing its images in one part', [...images(['train/a', 'train/b', 'test/a']), 'test/b/x.txt'], 'images in set/test/b'],
    ['names that differ in capitals', images(['train/Normal', 'train/COVID', 'test/NORMAL', 'test/COVID']), '"NORMAL" and "Normal"'],
    ['names that differ in a space at the end', images(['COVID', 'COVID ', 'x']), '"COVID" and "COVID "'],
    ['names that differ in an invisible sign', images(['COVID', 'COVID\u200b', 'x']), '"COVID" and "COVID\\u200b"'],
    ['names that differ in hyphens', images(['train/non-COVID', 'train/x', 'test/non_covid', 'test/x']), '"non-COVID" and "non_covid"'],
    ['a name of two lines', images(['a\nb', 'x']), '"a\\u000ab"'],
    ['masks in place of a class', images(['COVID', 'Normal', 'masks']), 'If masks is a class, name the layout'],
    ['loose images without a table', ['1.png', '2.png'], '2 images in no subfolder; no table'],
    ['zips of classes', ['COVID.zip', 'normal.zip'], 'npm run data -- NAME --from set'],
    ['no image at all', ['1.dcx', 'a/2.dcx'], 'no images, but 2 .dcx'],
  ])('%s', async (_, files, message) => {
    await expect(understand(files)).rejects.toThrow(message)
  })

  it('and understood as soon as it is named; what lies outside is counted', async () => {
    const files = images(['COVID/images', 'COVID/masks', 'Normal/images', 'Normal/masks'], 2)
    const set = await understand(files, { layout: 'class/images/image' })
    expect(set.items.map(item => item.name)).toEqual(images(['COVID/images', 'Normal/images'], 2))
    expect(set.notes).toEqual(['4 images left out, outside the layout (first COVID/masks/0.png).'])
    expect((await understand(images(['a/x', 'b/y']), { layout: 'class/*/image' })).grouping).toBe('none')
    for (const layout of ['image', 'class/class/image', 'class', 'class/**/patient/image', 'class//image'])
      await expect(understand(files, { layout })).rejects.toThrow('a layout that names class once')
  })
})

it('names of classes that differ in letters, signs or numbers are several classes', async () => {
  for (const labels of [['-1', '1'], ['covid+', 'covid-'], ['0', '00.5', '10'], ['a', 'a1', 'a10']])
    expect((await understand(images(labels, 1))).labels).toEqual([...labels].sort())
  expect((await understand(images(['data', 'masks']), { layout: 'class/image' })).labels).toEqual(['data', 'masks'])
})

it('patients whose names are nearly the same are counted in a note', async () => {
  const names = ['P1', 'p1', 'P01', 'P2', 'P3']
  const set = await understand(images(['a', 'b'].flatMap((label, i) => names.map(name => `${label}/${name}-${i}`)), 1))
  expect(set.grouping).toBe('patient')
  expect(set.notes).toEqual(['6 patients’ names differ from another in capitals, spaces, hyphens or zeros only '
    + '(first "P01-0" and "P1-0"): they count as different patients.'])
  expect((await understand(images(['a/P1', 'a/P10', 'a/P2', 'b/P3', 'b/P4', 'b/P5'], 1))).notes).toEqual([])
})

it('images that are named like masks of others are counted in a note', async () => {
  const set = await understand(['a/1.png', 'a/1_mask.png', 'a/2.png', 'a/2_Segmentation_1.png', 'b/3.png', 'b/4_mask.png'])
  expect(set.notes).toEqual(['2 images named like masks of others (first a/1_mask.png): they count as images of their class.'])
})

describe('groups from file names', () => {
  const files = ['n/IM-0001-0001.jpeg', 'p/person1_virus_6.jpeg', 'p/person1_virus_7.jpeg', 'p/person12_bacteria_1.jpeg']

  it('are what the parentheses hold; other names have none', async () =>
    expect((await understand(files, { groupPattern: 'person(\\d+)_' })).items.map(item => item.group)).toEqual([null, '12', '1', '1']))

  it('may have several parts, or none', async () => {
    expect((await understand(files, { groupPattern: '^(IM|person)-?(\\d+)' })).items[0].group).toBe('IM-0001')
    expect((await understand(files, { groupPattern: '^[A-Za-z]+' })).items[1].group).toBe('person')
  })

  it('a pattern that is none, or matches nothing, is refused', async () => {
    await expect(understand(files, { groupPattern: '(' })).rejects.toThrow('regular expression')
    await expect(understand(files, { groupPattern: 'nobody' })).rejects.toThrow('none of 4')
  })
})

describe('a table in place of class folders', () => {
  const files = ['x/1.png', 'x/2.png', 'y/3.png', 'y/4.png']
  const flat = ['1.png', '2.png', '3.png']

  it('names classes, groups and parts of a flat folder', async () => {
    const set = await understand(flat, {}, { 'labels.csv': 'file;label;group;split\n1.png;sick;P1;train\n2.png;well;;val\n3.png;sick;P1;test\n' })
    expect(set.layout).toBe('table')
    expect(lines(set)).toEqual(['1.png | sick | P1 | train', '2.png | well |  | validation', '3.png | sick | P1 | test'])
  })

  it('may have any names of columns, and lie beside folders that are no classes', async () => {
    const content = 'Image Index,Finding Labels,Patient ID,Follow-up #\n1.png,a,7,0\n2.png,b,6,1\n3.png,a,8,0\n4.png,b,9,0\n'
    const set = await understand(files, { table: 'entry.csv', columns: { file: 'image index', label: 'Finding Labels' } }, { 'entry.csv': content })
    expect(lines(set)[0]).toBe('x/1.png | a | 7 | ')
    expect(set.notes).toEqual(['Columns of entry.csv that are not used: Follow-up #.'])
    await expect(understand(files, { table: 'entry.csv', columns: { file: 'image', label: 'Finding Labels' } }, { 'entry.csv': content }))
      .rejects.toThrow('the file column of entry.csv')
  })

  it.each([
    ['file,label\n1.png,a\n2.png,b\n', '1 of 3 images in no row of t.csv, first 3.png'],
    ['file,label\n1.png,a\n2.png,b\n3.png,a\n4.png,b\n', 'line 5 of t.csv'],
    ['file,label\n1.png,a\n2.png,\n3.png,a\n', 'expected a class, in line 3'],
    ...['NA', 'nan', '?', 'null'].map(word => [`file,label\n1.png,a\n2.png,b\n3.png,${word}\n`, `in line 4 of t.csv, received "${word}"`]),
    ...['#REF!', '#N/A', '1.2E+10', '2,35E+14'].flatMap(word => [
      [`file,label,group\n1.png,a,7\n2.png,b,"${word}"\n3.png,a,9\n`, `line 3 of t.csv, received "${word}"`],
    ]),
    ['file,label\n1.png,0\n2.png,1\n3.png,1.0\n', '"1" and "1.0"'],
    ['file,label\n1.png,a\n2.png,a\n3.png,a\n', 'only a'],
    ['file,kind\n1.png,a\n2.png,a\n3.png,a\n', '--label-column'],
  ])('is refused where it does not fit: %j', async (content, message) => {
    await expect(understand(flat, {}, { 't.csv': content })).rejects.toThrow(message)
  })

  it('two tables have to be told apart', async () => {
    const content = 'file,label\n1.png,a\n2.png,b\n3.png,a\n'
    await expect(understand(flat, {}, { 'a.csv': content, 'b.csv': content })).rejects.toThrow('tables a.csv, b.csv')
    expect((await understand(flat, { table: 'b.csv' }, { 'a.csv': content, 'b.csv': content })).labels).toEqual(['a', 'b'])
  })

  it('a name that two images share has to be written with its folder', async () => {
    await expect(understand(['x/1.png', 'y/1.png'], { table: 't.csv' }, { 't.csv': 'file,label\n1.png,a\n' })).rejects.toThrow('x/1.png and y/1.png')
  })
})

it('a table beside class folders whose classes are others says that the folders count', async () => {
  const set = await understand(images(['a', 'b'], 1), {}, { 'groups.csv': 'name,group,label\na/0.png,1,a\nb/0.png,2,a\n' })
  expect(set.notes).toEqual(['The label of 1 image in groups.csv is not the class folder (first b/0.png): the folder counts.'])
})

describe('the positive class', () => {
  it('is named in the call or in the table, never by the alphabet', async () => {
    const files = images(['a', 'b'], 1)
    expect((await understand(files)).positive).toBeUndefined()
    expect((await understand(files, { positive: 'b' })).positive).toBe('b')
    const table = { 'groups.csv': 'name,group,positive\na/0.png,1,b\nb/0.png,2,\n' }
    expect((await understand(files, {}, table)).positive).toBe('b')
    await expect(understand(files, { positive: 'c' })).rejects.toThrow("positive to be 'a' or 'b'")
    await expect(understand(files, {}, { 'groups.csv': 'name,group,positive\na/0.png,1,b\nb/0.png,2,a\n' })).rejects.toThrow('one class in the column positive')
  })
})

it('a folder and a table that name different parts are refused', async () => {
  await expect(understand(images(['train/a', 'test/b'], 1), {}, { 'groups.csv': 'name,split\ntrain/a/0.png,test\ntest/b/0.png,test\n' }))
    .rejects.toThrow('train by its folder, test by groups.csv')
})
