/** What the findings look like: by what took the images, and by the diseases that their labels name. */
import type { Dataset } from '../../data/dataset'
import { byModality, paragraphs, type Explanation } from './explanation'

export const findings = {
  'what the findings look like': data => {
    const covid = names(data, /covid|sars/i), tuberculosis = names(data, /tubercul|\btb\b/i)
    return [
      byModality(data, {
        CT: covid ? covidOnCt : anyOnCt,
        'X-ray': covid ? covidOnXray : anyOnXray,
        unknown: anyImage,
      }),
      tuberculosis && data.modality === 'X-ray' ? paragraphs(tuberculosisOnXray) : '',
      paragraphs(`None of these signs belongs to one disease alone. And some people who are ill show nothing.`),
    ].filter(Boolean).join('\n\n')
  },

  'what the phantom shows': data => paragraphs(byModality(data, {
    CT: `Hazy patches at the rim, against single nodules, whole segments or [emphysema](glossary.md#emphysema): that is how
      the phantom's classes differ. Did you take a vessel, cut across, for a finding? Everybody does at first.`,
    'X-ray': `Hazy patches, more of them low than high, against none: that is how the phantom's classes differ. Did you take
      the crossing of two ribs for a finding? Everybody does at first. And did you see the letter, L or R, that marks a side?
      In this phantom it tells the *site*. In real hospitals such letters have told networks where an image came from.`,
    unknown: `Hazy patches at the rim, against single nodules, whole segments or [emphysema](glossary.md#emphysema): that is
      how the classes of the CT phantom differ. Did you take a vessel, cut across, for a finding? Everybody does at
      first.`,
  })),
} satisfies Record<string, Explanation>

function names({ labels }: Dataset, disease: RegExp): boolean {
  return labels.some(label => disease.test(label))
}

const covidOnCt = `Radiologists describe a typical pattern of COVID-19, most visible one to two weeks after the first symptoms:

- [ground-glass opacity](glossary.md#ground-glass-opacity): a hazy patch, brighter than lung, through which vessels can
  still be seen;
- [consolidation](glossary.md#consolidation): a patch so dense that vessels disappear in it; it tends to come later;
- position: both lungs, near the [pleura](glossary.md#pleura) (the outer rim), more often low and at the back, and rounded
  at first.

Other viruses, bleeding and drug reactions can look the same.`

const anyOnCt = `Radiologists look for places where something has taken the place of air, or where tissue has gone:

- [ground-glass opacity](glossary.md#ground-glass-opacity): a hazy patch, brighter than lung, through which vessels can
  still be seen;
- [consolidation](glossary.md#consolidation): a patch so dense that vessels disappear in it; air that is left in the
  airways shows as dark branches (*air bronchogram*);
- nodules: small, round and solid;
- [emphysema](glossary.md#emphysema): dark holes.`

const pneumoniaOnXray = `- [consolidation](glossary.md#consolidation): an [opacity](glossary.md#opacity) so dense that vessels
  disappear in it;
- *air bronchogram*: airways that are still full of air show as dark branches within it;
- *silhouette sign*: the border of the heart or of a diaphragm disappears, because the lung that touches it is no longer
  dark.`

const covidOnXray = `Radiologists describe a typical pattern of COVID-19: hazy [opacities](glossary.md#opacity) in both lungs,
near the outer rim and more often low, which become denser within one to two weeks. In the first days the image is often
normal, though the person is ill. Other pneumonias have signs of their own, and share them with COVID-19:

${pneumoniaOnXray}`

const anyOnXray = `Radiologists look for [opacities](glossary.md#opacity): places that are brighter than a lung should be,
because fluid, cells or a growth have taken the place of air. In pneumonia:

${pneumoniaOnXray}

An opacity lies somewhere on the ray: in front, behind, or in the wall of the chest. One picture does not say where.`

const tuberculosisOnXray = `Tuberculosis of adults prefers the upper lungs: patches, sometimes with a dark hole in them (a
  *cavity*), or fluid around a lung. Scars of an old, healed one stay visible for life.`

const anyImage = `Whatever took the images: a lung is dark because it is full of air. Where fluid, cells or a growth have taken
the place of air, it becomes brighter: an [opacity](glossary.md#opacity). One so dense that vessels disappear in it is a
[consolidation](glossary.md#consolidation). Where tissue has gone ([emphysema](glossary.md#emphysema)), or air has come
between lung and chest wall (*pneumothorax*), the image becomes darker.`
