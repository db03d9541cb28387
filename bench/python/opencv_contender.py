"""OpenCV as a contender: images from their files to 64 × 64 grey, by area, on a pool of threads."""
from concurrent.futures import ThreadPoolExecutor

import cv2

from inputs import COMPARED, threads
from serve import serve, timed

SIZE = 64


def small_grey(path):
    return cv2.resize(cv2.imread(path, cv2.IMREAD_GRAYSCALE), (SIZE, SIZE), interpolation=cv2.INTER_AREA)


def set_up(task):
    # Images run in parallel: threads within one image would compete with each other.
    cv2.setNumThreads(1)
    paths = task['images']['paths']

    def run():
        with ThreadPoolExecutor(threads()) as pool:
            return list(pool.map(small_grey, paths))

    means = [float(image.mean()) for image in run()[:COMPARED]]
    return {'version': f'OpenCV {cv2.__version__}', 'outputs': {'greyLevels': means}, 'measure': timed(run)}


if __name__ == '__main__':
    serve(set_up)
